/* A slave of libmodbus, as its own examples make one: 136 registers from 0x0100, each holding its own number.
 * libmodbus-slave PATH BAUD */
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  modbus_t *line = modbus_new_rtu(argv[1], atoi(argv[2]), 'N', 8, 1);
  modbus_mapping_t *map = modbus_mapping_new_start_address(0, 0, 0, 0, 0x0100, 0x88, 0, 0);
  uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
  if (!line || !map) return 1;
  for (int i = 0; i < map->nb_registers; i++) map->tab_registers[i] = i;
  modbus_set_slave(line, 1);
  if (modbus_connect(line) == -1) {
    fprintf(stderr, "%s\n", modbus_strerror(errno));
    return 1;
  }
  for (;;) {
    int length = modbus_receive(line, request);
    if (length > 0) modbus_reply(line, request, length, map);
  }
}
