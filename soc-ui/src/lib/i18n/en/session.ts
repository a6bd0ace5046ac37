import type { Texts } from '../texts.ts'
import type { session as vi } from '../vi/session.ts'

export const session: Texts<typeof vi> = {
  session: {
    signInTitle: 'Sign in',
    signInLead: 'For those who watch and respond to incidents.',
    userName: 'User name',
    password: 'Password',
    signIn: 'Sign in',
    signedOut: 'Your session has ended. Sign in again to go on.',
    setupNeeded: 'There is no administrator yet. Open the one-time set-up link that was printed when Vọng Gác started.',
    setupTitle: 'First set-up',
    setupLead: 'Create the first administrator. This link works once.',
    displayName: 'Full name',
    displayNameHint: 'Shown in cases, notes and reports',
    userNameHint: '3–40 characters: lower-case letters, digits, dots, hyphens, underscores',
    passwordHint: '12 characters or more; a long sentence that you remember is best',
    passwordAgain: 'Repeat the password',
    passwordDiffers: 'The two passwords differ',
    passwordShort: 'The password needs 12 characters or more',
    userNameWrong: 'A user name has 3–40 characters: lower-case letters, digits, dots, hyphens, underscores',
    displayNameMissing: 'Enter a full name',
    createAdministrator: 'Create administrator',
    setupToken: 'Set-up token',
    setupTokenHint: 'What follows “token=” in the set-up link',
    setupDone: 'The system is set up already.',
    goToSignIn: 'Go to sign-in',
  },
}
