import { useMemo } from 'react'
import { useAccounts } from '../api/shared-query.ts'

/** The person's own addresses, lower case. */
export function useOwnAddresses(): ReadonlySet<string> {
  const accounts = useAccounts()
  return useMemo(() => new Set(accounts?.map(({ account }) => account.address.toLowerCase())), [accounts])
}
