import { words } from '../ui/words.ts'

/** The shell's sentences. */
export const t = words('shell', {
  skip: 'Skip to the page',
  menu: 'Menu',
  know: 'Know',
  decide: 'Decide',
  engage: 'Engage',
  learn: 'Learn',
  lead: 'Lead',
  trust: 'Trust',
  home: 'Home',
  narrow: 'Make the navigation narrow',
  wide: 'Make the navigation wide',
  loop: 'The loop',
  search: 'Search or jump to…',
  searchHint: 'Customers, actions, segments, decisions by id, pages',
  nothingFound: 'Nothing was found for “{{text}}”. A name, an account number, an id or the title of a page will do.',
  searchFailed: 'The search did not answer. Type again.',
  typeMore: 'Type at least two characters.',
  pages: 'Pages',
  revision: 'Revision {{sequence}}',
  noRevision: 'No playbook yet',
  revisionTitle: 'The playbook revision that runs: {{revision}}',
  draft: 'Draft: {{title}}',
  drafts_one: '{{count}} open draft of yours',
  drafts_other: '{{count}} open drafts of yours',
  account: 'You: {{name}}',
  signOut: 'Sign out',
  changePassword: 'Change password',
  passwordChanged: 'Your password is changed; your other sessions have ended.',
  close: 'Close',
  signInTitle: 'Sign in',
  signInSentence: 'The customer-management system of your bank.',
  login: 'Login',
  password: 'Password',
  signIn: 'Sign in',
  outside: 'Sign in with the bank’s account',
  outsideAgain: 'With the bank’s account, in a new tab',
  or: 'or',
  noGroup:
    'The bank knows you, but none of your groups has a role here. Ask whoever looks after the accounts for one that does.',
  accessClosed: 'Your access to this system was closed. Ask an administrator if you need it again.',
  providerAway: 'The bank’s own sign-in does not answer. Try again in a minute, or sign in with a password.',
  outsideRefused:
    'The sign-in with the bank’s account was not completed. Nothing was changed; begin again, or sign in with a password.',
  expiredTitle: 'You were signed out',
  expiredSentence:
    'Your session has ended, as it does after a pause. This page is as you left it: sign in and what you were doing goes on.',
  lockedLogin: 'This page is {{name}}’s. Somebody else signs in on a page of their own.',
  notYou: 'That is another person’s login. The page is loaded anew for them, without what stood here.',
  mustChangeTitle: 'Choose a password of your own',
  mustChangeSentence:
    'Somebody else has seen the one you signed in with, so it opens nothing but this. At least 12 characters; a sentence is a good password.',
  current: 'Current password',
  next: 'New password',
  nextAgain: 'New password, again',
  notSame: 'The two are not the same.',
  tooShort: 'At least 12 characters.',
  save: 'Save',
  lostTitle: 'The connection to the bank’s server is lost',
  lostSentence: 'What you see may be old. What you enter stays here; it is sent when you try again.',
  lostAgain: 'Try now',
  back: 'The connection is back.',
  brokenTitle: 'This page stopped working',
  brokenSentence:
    'The fault is ours. What you saved before is with the bank; what you had not saved on this page is lost.',
  brokenDo: 'Load the page again; if it stops once more, give this text to whoever runs the system:',
  reload: 'Load again',
  newBuildTitle: 'A new version is here',
  newBuildSentence: 'This page’s part was replaced while you worked. Load again to get it; nothing you saved is lost.',
  notFoundTitle: 'There is no such page',
  notFoundSentence: 'The address {{path}} leads nowhere. It may be of an older version, or a letter is missing.',
  toHome: 'Go to your home page',
  forbiddenTitle: 'This page is not for your role',
  forbiddenSentence: 'It needs the permission {{needs}}. An administrator can give you a role that has it.',
  greeting: 'Hello {{name}}',
  homeSentence: 'What needs a person, and how the loop does, as {{role}}.',
  noRole: 'somebody without a role yet',
  emptyHomeTitle: 'Nothing here yet',
  emptyHomeSentence: 'Your role has no pages in this console yet. What you may do over the API is in Trust.',
  copied: 'Copied.',
  you: '{{name}} (you)',
  system: 'the system ({{name}})',
  somebody: 'somebody',
})

/** Why the bank's own sign-in did not let somebody in, by the server's code. */
export const whyRefused = (code: string): string =>
  code === 'no_role'
    ? t('noGroup')
    : code === 'person_closed'
      ? t('accessClosed')
      : code === 'identity_provider_away'
        ? t('providerAway')
        : t('outsideRefused')

/** A role as people say it. */
export const roleName = (role: string): string => {
  const text = role.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
