// Language, theme and unit: the choice of this browser alone.
import { Card } from '../parts/card.tsx';
import { Choices } from '../parts/choices.tsx';
import {
  chooseLanguage,
  chooseTemperatureUnit,
  chooseTheme,
  language,
  temperatureUnit,
  temperatureUnits,
  theme,
  themeNames,
} from '../preferences.ts';
import { t } from '../words/words.ts';

export const LookCard = () => (
  <Card title={t('settings.look')}>
    <p class="small soft">{t('settings.lookText')}</p>
    <div class="setting">
      <span aria-hidden="true">{t('settings.language')}</span>
      <Choices
        label={t('settings.language')}
        value={language.value}
        options={[
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        onValue={chooseLanguage}
      />
    </div>
    <div class="setting">
      <span aria-hidden="true">{t('settings.theme')}</span>
      <Choices
        label={t('settings.theme')}
        value={theme.value}
        options={themeNames.map((name) => [name, t(`settings.theme_${name}`)] as const)}
        onValue={chooseTheme}
      />
    </div>
    <div class="setting">
      <span aria-hidden="true">{t('settings.temperature')}</span>
      <Choices
        label={t('settings.temperature')}
        value={temperatureUnit.value}
        options={temperatureUnits.map((unit) => [unit, `°${unit}`] as const)}
        onValue={chooseTemperatureUnit}
      />
    </div>
  </Card>
);
