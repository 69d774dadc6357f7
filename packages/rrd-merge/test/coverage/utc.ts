// Texts name times in the zone of the process; tests compare them.
process.env.TZ = 'UTC'
