/*
 * Reads relations as BI tools on JDBC do: java Client.java HOST PORT DATABASE USER RELATION...
 *
 * Prints what client.py prints; keys, types and comments are those of DatabaseMetaData.
 */
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PGInterval;

class Client
{
	static final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

	static void show(String relation, String what, Iterable<String> fields)
	{
		out.println("JDBC\t" + relation + "\t" + what + "\t" + String.join("\t", fields));
	}

	static String shown(ResultSet row, int i, String type) throws SQLException
	{
		if (row.getObject(i) == null)
			return "";
		switch (type)
		{
			case "float8":
			case "numeric":
				return String.format("%016x", Double.doubleToLongBits(row.getDouble(i)));
			case "float4":
				return String.format("%08x", Float.floatToIntBits(row.getFloat(i)));
			case "bool":
				return row.getBoolean(i) ? "t" : "f";
			case "timestamptz":
				return "" + ChronoUnit.MICROS.between(Instant.EPOCH, row.getTimestamp(i).toInstant());
			case "interval":
				PGInterval interval = (PGInterval) row.getObject(i);
				return "" + Math.round((interval.getHours() * 3600 + interval.getMinutes() * 60 + interval.getSeconds()) * 1e6);
			case "_text":
				return String.join(",", (String[]) row.getArray(i).getArray());
			default:
				return row.getString(i);
		}
	}

	static void read(Connection connection, String relation) throws SQLException
	{
		DatabaseMetaData about = connection.getMetaData();
		List<String> types = new ArrayList<>();
		List<String> fields = new ArrayList<>();

		for (ResultSet table = about.getTables(null, "public", relation, null); table.next();)
			show(relation, "table", List.of(table.getString("TABLE_TYPE"), table.getString("REMARKS")));
		for (ResultSet key = about.getPrimaryKeys(null, "public", relation); key.next();)
			fields.add(key.getString("COLUMN_NAME"));
		show(relation, "key", fields);
		for (ResultSet column = about.getColumns(null, "public", relation, null); column.next();)
		{
			types.add(column.getString("TYPE_NAME"));
			show(relation, "column", List.of(column.getString("COLUMN_NAME"),
					JDBCType.valueOf(column.getInt("DATA_TYPE")).getName(), column.getString("REMARKS")));
		}
		for (ResultSet row = connection.createStatement().executeQuery("SELECT * FROM " + relation); row.next();)
		{
			fields.clear();
			for (String type : types)
				fields.add(shown(row, fields.size() + 1, type));
			show(relation, "row", fields);
		}
	}

	public static void main(String[] arguments) throws SQLException
	{
		String url = String.format("jdbc:postgresql://%s:%s/%s?user=%s", (Object[]) arguments);

		try (Connection connection = DriverManager.getConnection(url))
		{
			for (int i = 4; i < arguments.length; i++)
				read(connection, arguments[i]);
		}
		out.flush();
	}
}
