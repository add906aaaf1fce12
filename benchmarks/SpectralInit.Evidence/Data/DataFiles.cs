using System.Globalization;
using System.IO.Compression;

namespace SpectralInit.Evidence;

/// <summary>Reads labeled data: IDX files, tables of numbers, photographs, text; .gz is unpacked on the way.</summary>
internal static class DataFiles
{
    /// <summary>Images and labels in the IDX format of MNIST; the set is named after its folder.</summary>
    /// <exception cref="InvalidDataException">A file is not IDX, or the two do not match.</exception>
    public static DataSet ReadIdx(string images, string labels)
    {
        IRowSource rows = IdxFile.ReadRows(images);
        int[] classes = IdxFile.ReadLabels(labels);
        float[] features = rows.ToArray<float>();
        if (classes.Length == 0 || classes.Length != features.Length / rows.Columns)
            throw new InvalidDataException($"{images} has {features.Length / rows.Columns} images, {labels} has {classes.Length} labels.");
        string name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(images))) ?? "images";
        return new DataSet(name, LabeledRows.Classes(features, rows.Columns, classes, classes.Max() + 1), Standardization.Global);
    }

    /// <summary>8 × 8 gray patches of photographs; the class is the photograph a patch is from.</summary>
    /// <param name="files">Images as .npy arrays, height × width or height × width × channels.</param>
    public static DataSet ReadPatches(IReadOnlyList<string> files)
    {
        const int Side = 8;
        List<float> features = [];
        List<int> labels = [];
        for (int file = 0; file < files.Count; file++)
        {
            long[] shape = NpyFile.ReadShape(files[file]);
            if (shape.Length is not (2 or 3))
                throw new InvalidDataException($"{files[file]} has {shape.Length} axes; a photograph has two or three.");
            int channels = shape.Length == 3 ? (int)shape[2] : 1, width = Side * Side * channels;
            IRowSource image = NpyFile.ReadRows(files[file], checked((int)(shape[0] * shape[1] * channels)));
            float[] patches = new PatchSource(image, new PatchOptions { Height = (int)shape[0], Width = (int)shape[1], Channels = channels, PatchHeight = Side, PatchWidth = Side, Stride = Side }).ToArray<float>();
            for (int i = 0; i < patches.Length; i += width)
            {
                for (int pixel = 0; pixel < Side * Side; pixel++)
                {
                    float sum = 0;
                    for (int c = 0; c < channels; c++)
                        sum += patches[i + (c * Side * Side) + pixel];
                    features.Add(sum / channels);
                }

                labels.Add(file);
            }
        }

        return new DataSet("patches", LabeledRows.Classes([.. features], Side * Side, [.. labels], files.Count), Standardization.Global);
    }

    /// <summary>12,000 places of a text: eight letters, one-hot, and the class is the letter that follows. Letters are a to z, and one for everything else.</summary>
    public static DataSet ReadText(string file)
    {
        const int Letters = 27, Window = 8, Places = 12_000;
        byte[] text = Array.ConvertAll(File.ReadAllText(file).ToCharArray(), letter => char.IsAsciiLetter(letter) ? (byte)(char.ToLowerInvariant(letter) - 'a') : (byte)(Letters - 1));
        if (text.Length < Places + Window)
            throw new InvalidDataException($"{file} has {text.Length} characters; at least {Places + Window} are needed.");
        float[] features = new float[Places * Window * Letters];
        int[] labels = new int[Places];
        for (int i = 0; i < Places; i++)
        {
            int at = (int)((long)i * (text.Length - Window) / Places);
            for (int k = 0; k < Window; k++)
                features[(((i * Window) + k) * Letters) + text[at + k]] = 1;
            labels[i] = text[at + Window];
        }

        return new DataSet("text", LabeledRows.Classes(features, Window * Letters, labels, Letters), Standardization.Global);
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

    private static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
