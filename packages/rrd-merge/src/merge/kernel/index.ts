export { countUnknown, fillCells, seen } from './cells.ts'
export { NO_ROOM, type Room, returnRoom, takeRoom } from './room.ts'
