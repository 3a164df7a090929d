# Debian's canmatrix as a judge of our DBC files. Standard input: a JSON list of {dbc: path, frames: [[id, extended, hex], ...]};
# standard output: the same list as [{errors, baudrate, frames: [{name: [raw, meaning or null]}]}].
import io, json, logging, sys, warnings

warnings.simplefilter("ignore")
complaints = io.StringIO()
import canmatrix.formats

logging.basicConfig(stream=complaints, level=logging.WARNING, force=True)


def read(job):
    complaints.truncate(0)
    complaints.seek(0)
    (matrix,) = canmatrix.formats.loadp(job["dbc"]).values()
    frames = []
    for number, extended, text in job["frames"]:
        wanted = canmatrix.ArbitrationId(number, extended)
        frame = matrix.frame_by_id(wanted)
        said = frame.decode(bytearray.fromhex(text))
        frames.append(
            {
                name: [float(found.raw_value), float(found.phys_value), found.signal.values.get(int(found.raw_value))]
                for name, found in said.items()
            }
        )
    errors = [str(error) for error in matrix.load_errors] + complaints.getvalue().splitlines()
    cycles = {frame.name: frame.cycle_time for frame in matrix.frames}
    return {"errors": errors, "frames": frames, "cycles": cycles, "senders": {f.name: f.transmitters for f in matrix.frames}}


json.dump([read(job) for job in json.load(sys.stdin)], sys.stdout)
