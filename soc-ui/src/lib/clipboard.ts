import { showDone, showError } from './notify.ts'

/** Copies, and says so. The clipboard needs a secure page: over plain HTTP to another host, the old way through a selection still works. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text)
    else copyBySelection(text)
    showDone(done)
  } catch (error) {
    showError(error)
  }
}

function copyBySelection(text: string): void {
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (!copied) throw new Error('the browser does not allow copying here')
}
