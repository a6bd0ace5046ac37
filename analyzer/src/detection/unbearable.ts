/**
 * Lines whose evaluation the detection thread does not survive, among `count` lines that it did not survive together: found by halving. `survives` tries the lines
 * [from, to). Lines that it survives apart and, again and again, not together are given up together; so is what is still under suspicion after `maxTries`: a
 * batch comes to an end whatever is wrong with it. Empty where the thread survives after all.
 */
export async function unbearableLines(
  count: number,
  survives: (from: number, to: number) => Promise<boolean>,
  maxTries = 200,
): Promise<readonly number[]> {
  let tries = 0
  const among = async (from: number, to: number): Promise<readonly number[]> => {
    const all = Array.from({ length: to - from }, (_, index) => from + index)
    if (to - from === 1 || tries >= maxTries) return all
    const middle = (from + to) >> 1
    const found = [...(await suspected(from, middle)), ...(await suspected(middle, to))]
    return found.length > 0 || (await tried(from, to)) ? found : all
  }
  const suspected = async (from: number, to: number): Promise<readonly number[]> => {
    return (await tried(from, to)) ? [] : among(from, to)
  }
  const tried = (from: number, to: number): Promise<boolean> => {
    tries++
    return survives(from, to)
  }
  return suspected(0, count)
}
