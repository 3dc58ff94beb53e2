import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../api/api.ts'

/** The person's own addresses, lower case. */
export function useOwnAddresses(): ReadonlySet<string> {
  const accounts = useQuery(api.accounts.list.queryOptions()).data
  return useMemo(() => new Set(accounts?.map(({ account }) => account.address.toLowerCase())), [accounts])
}
