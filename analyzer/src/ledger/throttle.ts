/** Calls at once, and again at the end of the second if it was asked for meanwhile. Does not keep the process alive. */
export function atMostOnceASecond(call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let again = false
  const ended = () => {
    timer = undefined
    if (again) run()
  }
  const run = () => {
    again = false
    call()
    timer = setTimeout(ended, 1_000)
    timer.unref()
  }
  return () => {
    if (timer) again = true
    else run()
  }
}
