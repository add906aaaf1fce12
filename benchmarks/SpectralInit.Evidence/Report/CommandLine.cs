using System.Globalization;

namespace SpectralInit.Evidence;

/// <summary>The command line, parsed and checked.</summary>
internal sealed record CommandLine
{
    public const string Help = """
        Trains small networks from the library's initializers and compares them honestly: paired repetitions, learning
        rates chosen on validation rows, test rows looked at once.

          dotnet run -c Release --project benchmarks/SpectralInit.Evidence -- [options]

        Data (several sources may be given; without any: three made sets at --train 60 --seeds 3 --epochs 15)
          --images IDX --labels IDX       images and labels in IDX format, possibly .gz
          --csv FILE,…                    tables of numbers, possibly .gz
          --label-column first|last|N     the label or target column, from 0 (default last)
          --task classes|regression       what that column is (default classes)
          --patches FILE,…                8×8 patches of photographs (.npy); the class is the photograph
          --text FILE                     eight letters; the class is the next one
          --made NAME,…|all               data sets made from formulas: {MADE}
          --standardize global|feature|none   by the training rows (default: global for images, feature for tables)

        Network and training
          --hidden 256,128                widths of the hidden layers; 64x30 for thirty of 64; none for a linear model
          --convolutions 16,32            3×3 convolution + 2×2 pooling blocks in front (square images)
          --activation relu|tanh
          --optimizer sgd|adam            SGD with momentum 0.9, or Adam
          --epochs E                      (default 25)
          --batch B                       most rows per batch, at most {CAPACITY} (default 32)

        Comparison
          --train n,n,…|all               training rows (default 200)
          --initializers a,b,…|all        (default all); he is always added
          --learning-rates r,r,…          the grid; one value switches the choice off
          --seeds K                       repetitions (default 5)

        Output
          --json FILE                     all numbers
          --save DIR                      tables, learning curves as SVG, and what another framework needs to repeat a run
          --list                          describes the initializers
          --help
        """;

    public IReadOnlyList<DataSet> DataSets { get; private init; } = [];

    public IReadOnlyList<int?> TrainRows { get; private init; } = [200];

    public ExperimentOptions Options { get; private init; } = new();

    public string? JsonFile { get; private init; }

    public string? SaveFolder { get; private init; }

    /// <summary>Reads the arguments and the data they name.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, incomplete or out of range.</exception>
    /// <exception cref="InvalidDataException">A data file is not what it should be.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> given = Pairs(arguments);
        string? Take(string name) => given.Remove(name, out string? value) ? value : null;
        T Choice<T>(string name, T fallback)
            where T : struct, Enum => Take(name) is { } text ? ParseEnum<T>(name, text) : fallback;

        string? images = Take("--images"), labels = Take("--labels"), csv = Take("--csv"), labelColumn = Take("--label-column"), task = Take("--task"), patches = Take("--patches"), text = Take("--text"), made = Take("--made");
        bool demonstration = images is null && labels is null && csv is null && patches is null && text is null && made is null;
        string Or(string ofData, string ofNone) => demonstration ? ofNone : ofData;
        OptimizerKind optimizer = Choice("--optimizer", OptimizerKind.Sgd);
        IReadOnlyList<Candidate> candidates = ParseCandidates(Take("--initializers") ?? "all");
        Standardization? standardization = given.ContainsKey("--standardize") ? Choice("--standardize", Standardization.None) : null;
        ExperimentOptions options = new()
        {
            Hidden = ParseWidths("--hidden", Take("--hidden") ?? "256,128"),
            Convolutions = ParseWidths("--convolutions", Take("--convolutions") ?? "none"),
            Activation = Choice("--activation", Activation.Relu),
            Plan = new TrainingPlan(ParseCount("--epochs", Take("--epochs") ?? Or("25", "15"), 1, 100_000), optimizer, ParseCount("--batch", Take("--batch") ?? "32", 1, Network.BatchCapacity)),
            Standardization = standardization,
            Candidates = candidates,
            LearningRates = Take("--learning-rates") is { } rates ? ParseRates(rates) : ExperimentOptions.DefaultRates(optimizer),
            Seeds = ParseCount("--seeds", Take("--seeds") ?? Or("5", "3"), 1, 10_000),
        };
        string train = Take("--train") ?? Or("200", "60");
        string? json = Take("--json"), save = Take("--save");
        if (given.Count > 0)
            throw new ArgumentException($"Unknown option {given.Keys.First()}. --help lists the options.");

        List<DataSet> sets = [];
        if ((images is null) != (labels is null))
            throw new ArgumentException("--images and --labels belong together.");
        if ((labelColumn is not null || task is not null) && csv is null)
            throw new ArgumentException("--label-column and --task describe a --csv file, and none is named.");
        if (images is not null)
            sets.Add(DataFiles.ReadIdx(images, labels!));
        if (csv is not null)
            sets.AddRange(csv.Split(',').Select(file => DataFiles.ReadTable(file, ParseColumn(labelColumn ?? "last"), ParseTask(task ?? "classes"))));
        if (patches is not null)
            sets.Add(DataFiles.ReadPatches(patches.Split(',')));
        if (text is not null)
            sets.Add(DataFiles.ReadText(text));
        sets.AddRange(ParseMade(made ?? Or("none", "correlated,windows,friedman")));
        CommandLine line = new()
        {
            DataSets = sets,
            TrainRows = [.. train.Split(',').Select(text => text == "all" ? (int?)null : ParseCount("--train", text, 5, int.MaxValue))],
            Options = options,
            JsonFile = json,
            SaveFolder = save,
        };
        line.Check();
        return line;
    }

    /// <summary>Whether a data set has that many training rows beside its test set.</summary>
    public static bool Fits(DataSet set, int? rows) => rows is null || rows <= Split.TrainingRows(set);

    private void Check()
    {
        // A size too large for one of several sets is left out there; a run of nothing is a mistake.
        if (!DataSets.Any(set => TrainRows.Any(rows => Fits(set, rows))))
            _ = new Split(DataSets[0], TrainRows.Min(), Standardization.None, 0);
        foreach (DataSet set in DataSets)
        {
            _ = Options.CreateNetwork(set);
        }
    }

    private static Dictionary<string, string> Pairs(IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> pairs = [];
        for (int i = 0; i < arguments.Count; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"'{arguments[i]}' is not an option; options begin with --. --help lists them.");
            if (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"{arguments[i]} needs a value.");
            if (!pairs.TryAdd(arguments[i], arguments[i + 1]))
                throw new ArgumentException($"{arguments[i]} is given twice.");
        }

        return pairs;
    }

    private static T ParseEnum<T>(string name, string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } match
            ? Enum.Parse<T>(match)
            : throw new ArgumentException($"{name} is one of {string.Join(", ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant()))}, not '{text}'.");

    private static int ParseCount(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new ArgumentException(most == int.MaxValue ? $"{name} takes whole numbers of at least {least}, not '{text}'." : $"{name} takes whole numbers from {least} to {most}, not '{text}'.");

    private static IReadOnlyList<int> ParseWidths(string name, string text) =>
        text == "none" ? [] : [.. text.Split(',').SelectMany(part =>
        {
            string[] sides = part.Split('x');
            if (sides.Length > 2)
                throw new ArgumentException($"{name} takes widths such as 256,128 or 64x30, not '{part}'.");
            return Enumerable.Repeat(ParseCount(name, sides[0], 1, 100_000), sides.Length == 2 ? ParseCount(name, sides[1], 1, 1000) : 1);
        })];

    private static IReadOnlyList<double> ParseRates(string text) =>
        [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0 && double.IsFinite(rate)
            ? rate
            : throw new ArgumentException($"--learning-rates takes positive numbers, not '{part}'."))];

    private static int ParseColumn(string text) => text switch
    {
        "first" => 0,
        "last" => -1,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int column) ? column : throw new ArgumentException($"--label-column is first, last or a number from 0, not '{text}'."),
    };

    private static bool ParseTask(string text) => text switch
    {
        "classes" => false,
        "regression" => true,
        _ => throw new ArgumentException($"--task is classes or regression, not '{text}'."),
    };

    private static IReadOnlyList<Candidate> ParseCandidates(string text)
    {
        if (text == "all")
            return Candidates.All;
        List<Candidate> candidates = [Candidates.Find(Candidate.Reference)];
        candidates.AddRange(text.Split(',').Where(name => name != Candidate.Reference).Distinct().Select(Candidates.Find));
        return candidates;
    }

    private static IEnumerable<DataSet> ParseMade(string text) => text switch
    {
        "none" => [],
        "all" => MadeData.All.Values.Select(make => make()),
        _ => text.Split(',').Select(name => MadeData.All.TryGetValue(name, out Func<DataSet>? make)
            ? make()
            : throw new ArgumentException($"There is no made data set '{name}'. Known: {string.Join(", ", MadeData.All.Keys)}.")),
    };
}
