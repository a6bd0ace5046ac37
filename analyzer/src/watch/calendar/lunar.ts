/**
 * The Vietnamese lunar calendar: a month begins on the day, at UTC+7, on which the moon is new; month 11 holds the winter solstice; and where thirteen
 * months lie between two of these, the first without a major solar term is the leap one. That is why Tết may fall on another day than in China, which
 * reckons at UTC+8. New moon and sun follow Jean Meeus, Astronomical Algorithms (1998), chapters 25 and 49, shortened as Hồ Ngọc Đức did for this
 * calendar ("Thuật toán tính âm lịch"): good to some minutes between 1900 and 2100.
 *
 * A day is a count of days since 1970-01-01.
 */

const dayMs = 86_400_000
/** Julian day at which 1970-01-01 begins, UTC. */
const epochJulian = 2_440_587.5
const timeZoneDays = 7 / 24
/** Mean length of a lunar month, in days. */
const monthDays = 29.530588853
/** Julian day of the new moon of number 0, of 1900-01-01. */
const firstNewMoon = 2_415_021.076998695
const radians = Math.PI / 180

export interface LunarDate {
  /** The Gregorian year in which the lunar one begins. */
  readonly year: number
  /** 1 to 12; never a leap month. */
  readonly month: number
  readonly day: number
}

/** The Gregorian day of a lunar date. Years 1900 to 2100. */
export function dayOfLunar({ year, month, day }: LunarDate): number {
  const begins = month >= 11 ? year : year - 1
  const [before, after] = [eleventhMonth(begins), eleventhMonth(begins + 1)]
  const plain = month >= 11 ? month - 11 : month + 1
  const leap = after - before === 13 ? leapOffset(before) : Infinity
  return newMoonDay(before + plain + (plain >= leap ? 1 : 0)) + day - 1
}

/** The number of the new moon with which the month begins that holds the winter solstice of the year. */
function eleventhMonth(year: number): number {
  const lastDay = Date.UTC(year, 11, 31) / dayMs
  let number = Math.floor((lastDay + epochJulian - firstNewMoon) / monthDays)
  if (newMoonDay(number + 1) <= lastDay) number++
  // 270 degrees is the solstice: a month that begins after it is the twelfth already.
  return solarTerm(newMoonDay(number)) >= 9 ? number - 1 : number
}

/** After a month 11 of this number, how many months on the leap one is: the first in which the sun enters no new twelfth of its way. */
function leapOffset(number: number): number {
  let offset = 1
  while (solarTerm(newMoonDay(number + offset)) !== solarTerm(newMoonDay(number + offset + 1))) offset++
  return offset
}

/** The day, at UTC+7, of the new moon of this number since that of 1900-01-01. */
function newMoonDay(number: number): number {
  return Math.floor(newMoon(number) + timeZoneDays - epochJulian)
}

/** Julian day, universal time. */
function newMoon(number: number): number {
  const t = number / 1_236.85
  const mean = 2_415_020.75933 + 29.53058868 * number + 0.0001178 * t ** 2 - 0.000000155 * t ** 3
  const wobble = 0.00033 * sin(166.56 + 132.87 * t - 0.009173 * t ** 2)
  const sun = 359.2242 + 29.10535608 * number - 0.0000333 * t ** 2 - 0.00000347 * t ** 3
  const moon = 306.0253 + 385.81691806 * number + 0.0107306 * t ** 2 + 0.00001236 * t ** 3
  const node = 21.2964 + 390.67050646 * number - 0.0016528 * t ** 2 - 0.00000239 * t ** 3
  const perturbed =
    (0.1734 - 0.000393 * t) * sin(sun) +
    0.0021 * sin(2 * sun) -
    0.4068 * sin(moon) +
    0.0161 * sin(2 * moon) -
    0.0004 * sin(3 * moon) +
    0.0104 * sin(2 * node) -
    0.0051 * sin(sun + moon) -
    0.0074 * sin(sun - moon) +
    0.0004 * sin(2 * node + sun) -
    0.0004 * sin(2 * node - sun) -
    0.0006 * sin(2 * node + moon) +
    0.001 * sin(2 * node - moon) +
    0.0005 * sin(2 * moon + sun)
  return mean + wobble + perturbed - terrestrialLead(t)
}

/** How far terrestrial time, by which bodies move, is ahead of universal time; in days, `t` centuries after 1900. */
function terrestrialLead(t: number): number {
  return -0.000278 + 0.000265 * t + 0.000262 * t ** 2
}

/** Which twelfth of its way, from the spring equinox, the sun is in when the day begins at UTC+7: 0 to 11. */
function solarTerm(day: number): number {
  const t = (day + epochJulian - timeZoneDays - 2_451_545) / 36_525
  const anomaly = 357.5291 + 35_999.0503 * t - 0.0001559 * t ** 2 - 0.00000048 * t ** 3
  const mean = 280.46645 + 36_000.76983 * t + 0.0003032 * t ** 2
  const centre =
    (1.9146 - 0.004817 * t - 0.000014 * t ** 2) * sin(anomaly) + (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.00029 * sin(3 * anomaly)
  const longitude = (((mean + centre) % 360) + 360) % 360
  return Math.floor(longitude / 30)
}

function sin(degrees: number): number {
  return Math.sin(degrees * radians)
}
