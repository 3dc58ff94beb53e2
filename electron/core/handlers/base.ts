// The contract's implementer, with the one place where failures become answers: a MailFailure travels as data, anything
// unexpected is logged without its details' secrets and answered as a bug.
import { implement, ORPCError } from '@orpc/server'
import { contract } from '../../../shared/api/contract.ts'
import { failureOf } from '../../../shared/model/failure.ts'

export const base = implement(contract).use(async ({ next }) => {
  try {
    return await next()
  } catch (error) {
    if (error instanceof ORPCError) throw error
    const failure = failureOf(error)
    if (failure.kind === 'bug') console.error(failure.stack)
    throw new ORPCError('MAIL_FAILURE', { status: 422, message: failure.code, data: failure.toData() })
  }
})
