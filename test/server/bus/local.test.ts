import { LocalBus } from '../../../src/server/bus/local.ts'
import { examineBus } from '../../support/bus-contract.ts'

examineBus(() => new LocalBus())
