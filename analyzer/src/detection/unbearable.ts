/**
 * Lines whose evaluation the detection thread does not survive, among `count` lines that it did not survive together: found by halving. `survives` tries the lines
 * [from, to). After `maxTries` what is still under suspicion is given up together, so that a batch full of such lines comes to an end. Empty where no line
 * is to blame.
 */
export async function unbearableLines(
  count: number,
  survives: (from: number, to: number) => Promise<boolean>,
  maxTries = 200,
): Promise<readonly number[]> {
  let tries = 0
  const among = async (from: number, to: number): Promise<readonly number[]> => {
    if (to - from === 1 || tries >= maxTries) return Array.from({ length: to - from }, (_, index) => from + index)
    const middle = (from + to) >> 1
    return [...(await suspected(from, middle)), ...(await suspected(middle, to))]
  }
  const suspected = async (from: number, to: number): Promise<readonly number[]> => {
    tries++
    return (await survives(from, to)) ? [] : among(from, to)
  }
  return suspected(0, count)
}
