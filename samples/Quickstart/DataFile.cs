using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using SpectralInit;

namespace Quickstart;

/// <summary>Rows from a file, whatever its format, and what is known about them.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Description">For the reader.</param>
/// <param name="ImageHeight">Rows of pixels when each row is an image, else 0.</param>
/// <param name="ImageWidth">Columns of pixels.</param>
internal sealed record DataFile(IRowSource Rows, string Description, int ImageHeight = 0, int ImageWidth = 0)
{
    public static DataFile Open(string path)
    {
        byte[] lead = new byte[2];
        using (FileStream file = File.OpenRead(path))
            file.ReadAtLeast(lead, 2, throwOnEndOfStream: false);
        string name = Path.GetFileName(path);
        bool compressed = lead[0] == 0x1F && lead[1] == 0x8B;
        string kind = Path.GetExtension(compressed ? Path.GetFileNameWithoutExtension(path) : path).ToLowerInvariant();
        if (kind is ".csv" or ".tsv" or ".txt")
            return ReadCsv(path, compressed);
        if (lead[0] == 0x93 || kind == ".npy")
            return Images(NpyFile.ReadRows(path), name);

        // IDX images are bytes; 0 … 1 is what networks are fed.
        return Images(IdxFile.ReadRows(path, 1.0 / 255), name);
    }

    /// <summary>Rows of a square number of features are taken for images.</summary>
    private static DataFile Images(IRowSource rows, string name)
    {
        int side = (int)Math.Sqrt(rows.Columns);
        return side > 1 && side * side == rows.Columns ? new(rows, name, side, side) : new(rows, name);
    }

    private static DataFile ReadCsv(string path, bool compressed)
    {
        using FileStream file = File.OpenRead(path);
        using Stream text = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        using CsvReader csv = CsvReader.Create(text, new CsvReaderOptions { HasHeader = false, TrimWhitespace = true }, leaveOpen: true);
        List<string[]> records = [];
        foreach (CsvRow row in csv)
            records.Add(row.ToArray());
        if (records.Count > 0 && records[0].Any(cell => !IsNumber(cell)))
            records.RemoveAt(0);
        if (records.Count == 0)
            throw new InvalidDataException($"{path} has no rows of numbers.");

        int cells = records[0].Length;
        int[] numeric = [.. Enumerable.Range(0, cells).Where(column => IsNumber(records[0][column]))];
        if (numeric.Length == 0)
            throw new InvalidDataException($"{path} has no numeric column in its first row of data.");
        double[] values = new double[records.Count * numeric.Length];
        for (int i = 0; i < records.Count; i++)
        {
            if (records[i].Length != cells)
                throw new InvalidDataException($"{path}: data row {i + 1} has {records[i].Length} cells, the first {cells}.");
            for (int j = 0; j < numeric.Length; j++)
            {
                string cell = records[i][numeric[j]];
                values[(i * numeric.Length) + j] = IsNumber(cell, out double value)
                    ? value
                    : throw new InvalidDataException($"{path}: data row {i + 1}, column {numeric[j] + 1} is '{cell}', not a number; fill the gap or drop the row.");
            }
        }

        string left = numeric.Length < cells ? $", {cells - numeric.Length} text columns left out" : "";
        return Images(RowSource.From(values, numeric.Length), Path.GetFileName(path) + left);
    }

    private static bool IsNumber(string cell) => IsNumber(cell, out _);

    private static bool IsNumber(string cell, out double value) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
