using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace SpectralInit.Evidence;

/// <summary>Reads labeled data: a pair of IDX files, or a table of numbers with a label column; .gz is unpacked on the way.</summary>
internal static class DataFiles
{
    /// <summary>Images and labels in the IDX format of MNIST.</summary>
    /// <exception cref="InvalidDataException">A file is not IDX, or the two do not match.</exception>
    public static DataSet ReadIdx(string images, string labels)
    {
        (int[] size, byte[] pixels) = ReadIdxBytes(images);
        (int[] labelSize, byte[] classes) = ReadIdxBytes(labels);
        if (size.Length < 2 || labelSize.Length != 1)
            throw new InvalidDataException($"Images need two axes or more ({images} has {size.Length}) and labels one ({labels} has {labelSize.Length}); are the two files swapped?");
        if (labelSize[0] != size[0])
            throw new InvalidDataException($"{images} has {size[0]} images, {labels} has {labelSize[0]} labels.");
        float[] features = Array.ConvertAll(pixels, value => (float)value);
        ImageSize? image = size.Length is 3 or 4 ? new ImageSize(size[1], size[2], size.Length == 4 ? size[3] : 1) : null;
        LabeledRows rows = LabeledRows.Classes(features, pixels.Length / Math.Max(1, size[0]), Array.ConvertAll(classes, value => (int)value), classes.Max() + 1);
        return new DataSet(Path.GetFileName(images).Split('-', '.')[0], rows, Standardization.Global, image);
    }

    /// <summary>
    /// A table of numbers, separated by commas, semicolons, tabs or spaces. Lines at the top that are not all numbers, or that have another
    /// number of fields than the rows below, are headers and skipped.
    /// </summary>
    /// <param name="path">A file, possibly .gz.</param>
    /// <param name="labelColumn">Column of the label or target, from 0; −1 for the last.</param>
    /// <param name="regression">The column is a number to predict rather than a class.</param>
    public static DataSet ReadTable(string path, int labelColumn, bool regression)
    {
        using StreamReader reader = new(Open(path));
        List<string[]> lines = [];
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                lines.Add(Fields(line));
        }

        if (lines.Count < 2)
            throw new InvalidDataException($"{path} has {lines.Count} lines; at least two rows are needed.");
        int columns = lines[^1].Length, label = labelColumn < 0 ? columns - 1 : labelColumn;
        if (columns < 2 || label >= columns)
            throw new InvalidDataException($"{path} has {columns} columns: no label column {label} beside features. Columns count from 0.");
        int header = lines.FindIndex(line => line.Length == columns && Enumerable.Range(0, columns).All(j => (j == label && !regression) || TryNumber(line[j], out _)));
        if (header < 0)
            throw new InvalidDataException($"{path} has no row of {columns} numbers.");

        int rows = lines.Count - header;
        float[] features = new float[rows * (columns - 1)], targets = new float[rows];
        string[] names = new string[rows];
        for (int i = 0; i < rows; i++)
        {
            string[] line = lines[header + i];
            if (line.Length != columns)
                throw new InvalidDataException($"{path}: data row {i + 1} has {line.Length} fields, the last one {columns}.");
            for (int j = 0, to = i * (columns - 1); j < columns; j++)
            {
                if (j == label && !regression)
                {
                    names[i] = line[j];
                    continue;
                }

                if (!TryNumber(line[j], out float value))
                    throw new InvalidDataException($"{path}: data row {i + 1}, column {j}: '{line[j]}' is not a finite number.");
                if (j == label)
                    targets[i] = value;
                else
                    features[to++] = value;
            }
        }

        string name = Path.GetFileName(path).Split('.')[0];
        if (regression)
            return new DataSet(name, LabeledRows.Regression(features, columns - 1, targets, 1));
        string[] classes = [.. names.Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length > Math.Max(2, rows / 2))
            throw new InvalidDataException($"{path}: column {label} has {classes.Length} different labels in {rows} rows. Name another --label-column, or say --task regression.");
        Dictionary<string, int> index = classes.Select((value, i) => (value, i)).ToDictionary(pair => pair.value, pair => pair.i);
        return new DataSet(name, LabeledRows.Classes(features, columns - 1, Array.ConvertAll(names, value => index[value]), classes.Length));
    }

    private static string[] Fields(string line) =>
        line.IndexOfAny([',', ';']) >= 0
            ? line.Split([',', ';'], StringSplitOptions.TrimEntries)
            : line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool TryNumber(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private static (int[] Size, byte[] Values) ReadIdxBytes(string path)
    {
        using Stream stream = Open(path);
        byte[] head = new byte[4];
        if (stream.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4 || head[0] != 0 || head[1] != 0 || head[2] != 8 || head[3] is < 1 or > 4)
            throw new InvalidDataException($"{path} is not an IDX file of bytes.");
        int[] size = new int[head[3]];
        long count = 1;
        byte[] axis = new byte[4];
        for (int i = 0; i < size.Length; i++)
        {
            stream.ReadExactly(axis);
            size[i] = BinaryPrimitives.ReadInt32BigEndian(axis);
            count = checked(count * size[i]);
        }

        if (count is <= 0 or > int.MaxValue / 2)
            throw new InvalidDataException($"{path} declares {string.Join('×', size)} values.");
        byte[] values = new byte[count];
        stream.ReadExactly(values);
        return (size, values);
    }

    private static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
