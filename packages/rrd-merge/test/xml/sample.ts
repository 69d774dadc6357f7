/** A small dump with everything in it that a test may want to change. */
export const SAMPLE = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE rrd SYSTEM "https://oss.oetiker.ch/rrdtool/rrdtool.dtd">
<!-- Round Robin Database Dump -->
<rrd>
	<version>0003</version>
	<step>300</step> <!-- Seconds -->
	<lastupdate>1700000430</lastupdate> <!-- 2023-11-14 22:20:30 UTC -->

	<ds>
		<name> in </name>
		<type> COUNTER </type>
		<minimal_heartbeat>600</minimal_heartbeat>
		<min>0.0000000000e+00</min>
		<max>NaN</max>

		<!-- PDP Status -->
		<last_ds>12345</last_ds>
		<value>6.0025000000e+02</value>
		<unknown_sec> 30 </unknown_sec>
	</ds>

	<ds>
		<name> out </name>
		<type> COMPUTE </type>
		<cdef> in,8,* </cdef>

		<!-- PDP Status -->
		<last_ds>U</last_ds>
		<value>NaN</value>
		<unknown_sec> 0 </unknown_sec>
	</ds>

	<!-- Round Robin Archives -->
	<rra>
		<cf>AVERAGE</cf>
		<pdp_per_row>2</pdp_per_row> <!-- 600 seconds -->

		<params>
		<xff>5.0000000000e-01</xff>
		</params>
		<cdp_prep>
			<ds>
			<primary_value>2.5000000000e+00</primary_value>
			<secondary_value>NaN</secondary_value>
			<value>NaN</value>
			<unknown_datapoints>1</unknown_datapoints>
			</ds>
			<ds>
			<primary_value>NaN</primary_value>
			<secondary_value>NaN</secondary_value>
			<value>1.0000000000e+00</value>
			<unknown_datapoints>0</unknown_datapoints>
			</ds>
		</cdp_prep>
		<database>
			<!-- 2023-11-14 22:00:00 UTC / 1699999200 --> <row><v>1.0000000000e+00</v><v>8.0000000000e+00</v></row>
			<!-- 2023-11-14 22:10:00 UTC / 1699999800 --> <row><v>2.0000000000e+00</v><v>1.6000000000e+01</v></row>
			<!-- 2023-11-14 22:20:00 UTC / 1700000400 --> <row><v>NaN</v><v>inf</v></row>
		</database>
	</rra>
</rrd>
`
