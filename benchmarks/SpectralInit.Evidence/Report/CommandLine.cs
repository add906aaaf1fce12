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
          --made NAME,…|all|held-out|held-out-2   data sets made from formulas: {MADE};
                                          held-out: {HELDOUT}; held-out-2: {HELDOUT2}
          --rows N                        rows of each made set (default 3000)
          --words FILE|made               which word follows three others, through an embedding; compared by test loss
          --passages FILE|made            who of six says this, or what is it about: the mean of an embedding
          --vocabulary V --dimension D    of the embedding (default 2000 words, 64 wide)
          --series FILE|made              a CSV table of prices (first column the date): returns and their size one step
                                          ahead, from the state of a recurrence that is not trained; made: Lorenz 1996, noisy cycles
          --units k,k,…                   sizes of that recurrence (default 16,32,64,128)
          --sequences FILE|made           the same series, from a recurrent net that is trained through time (--hidden: its units, default 32)
          --standardize global|feature|none   by the training rows (default: global for images, feature for tables)

        Network and training
          --hidden 256,128                widths of the hidden layers; 64x30 for thirty of 64; none for a linear model
          --convolutions 16,32            3×3 convolution + 2×2 pooling blocks in front (square images)
          --activation relu|tanh
          --optimizer sgd|adam            SGD with momentum 0.9, or Adam
          --epochs E                      (default 25)
          --batch B                       most rows per batch, at most {CAPACITY} (default 32)

        Comparison
          --sweep NAME                    one quantity varied, a picture over it: {SWEEPS}
          --values v,v,…                  the values it takes
          --against NAME                  the initializer to compare with in tables and curves (default he, or random@0.9 for --sequences)
          --criterion score|loss          what counts: accuracy or R², or the test loss (default loss for --words, else score)
          --train n,n,…|all               training rows (default 200)
          --initializers a,b,…|all        (default all); the one compared with is always added
          --learning-rates r,r,…          the grid; one value switches the choice off
          --seeds K                       repetitions (default 5)

        Output
          --join FILE,…                   no run: tables and pictures of results saved by --json, those run in parts put together
          --known FILE,…                  results saved by --json: initializers found there for the same question are not run again
          --json FILE                     all numbers
          --curves a,b,…                  the initializers in pictures of learning curves (default: those that gain and lose most)
          --save DIR                      tables, learning curves as SVG, and what another framework needs to repeat a run
          --list                          describes the initializers
          --help
        """;

    public IReadOnlyList<DataSet> DataSets { get; private init; } = [];

    public IReadOnlyList<int?> TrainRows { get; private init; } = [200];

    public ExperimentOptions Options { get; private init; } = new();

    /// <summary>The quantity to vary, if any.</summary>
    public Sweep? Sweep { get; private init; }

    /// <summary>Series to predict with recurrences, in place of data sets.</summary>
    public IReadOnlyList<SeriesSet> Series { get; private init; } = [];

    public IReadOnlyList<RecurrenceCandidate> Recurrences { get; private init; } = [];

    public IReadOnlyList<int> Units { get; private init; } = [];

    /// <summary>Files of earlier results to put together in place of running anything.</summary>
    public IReadOnlyList<string> Join { get; private init; } = [];

    /// <summary>Results of earlier runs, which need not be run again.</summary>
    public KnownResults Known { get; private init; } = KnownResults.None;

    /// <summary>The initializer that the others are compared with in tables and learning curves.</summary>
    public string Against { get; private init; } = Candidate.Reference;

    /// <summary>The initializers in pictures of learning curves, if named.</summary>
    public IReadOnlyList<string>? Curves { get; private init; }

    public string? JsonFile { get; private init; }

    public string? SaveFolder { get; private init; }

    /// <summary>Reads the arguments and the data they name.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, incomplete or out of range.</exception>
    /// <exception cref="InvalidDataException">A data file is not what it should be.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> given = Arguments.Pairs(arguments);
        string? Take(string name) => given.Remove(name, out string? value) ? value : null;
        int Count(string name, string fallback, int least, int most) => Arguments.Count(name, Take(name) ?? fallback, least, most);
        T Choice<T>(string name, T fallback)
            where T : struct, Enum => Take(name) is { } text ? Arguments.Enum<T>(name, text) : fallback;

        Sweep? sweep = Take("--sweep") is { } sweepName ? Sweep.Find(sweepName) : null;
        string? values = Take("--values"), series = Take("--series"), units = Take("--units"), words = Take("--words"), passages = Take("--passages"), sequences = Take("--sequences"), vocabulary = Take("--vocabulary"), dimension = Take("--dimension");
        string? images = Take("--images"), labels = Take("--labels"), csv = Take("--csv"), labelColumn = Take("--label-column"), task = Take("--task"), patches = Take("--patches"), text = Take("--text"), made = Take("--made"), rows = Take("--rows");
        string?[] alone = [words, passages, series, sequences];
        bool tables = (images ?? labels ?? csv ?? patches ?? text ?? made) is not null, named = tables || alone.Any(given => given is not null);
        if (named && sweep is { MakesData: true })
            throw new ArgumentException($"--sweep {sweep.Name} makes its own data: name none.");
        string Or(string ofData, string ofNone) => named || sweep is not null ? ofData : ofNone;
        OptimizerKind optimizer = Choice("--optimizer", OptimizerKind.Sgd);
        string initializers = Take("--initializers") ?? "all";
        Standardization? standardization = given.ContainsKey("--standardize") ? Choice("--standardize", Standardization.None) : null;
        ExperimentOptions options = new()
        {
            Hidden = Arguments.Widths("--hidden", Take("--hidden") ?? (sequences is null ? "256,128" : "32")),
            Convolutions = Arguments.Widths("--convolutions", Take("--convolutions") ?? "none"),
            Activation = Choice("--activation", Activation.Relu),
            Plan = new TrainingPlan(Count("--epochs", Or("25", "15"), 1, 100_000), optimizer, Count("--batch", "32", 1, Network.BatchCapacity)),
            Standardization = standardization,
            Criterion = Choice("--criterion", words is null ? Criterion.Score : Criterion.Loss),
            Candidates = series is not null ? []
                : sequences is not null ? Chosen(initializers, TrainedRecurrences.All, TrainedRecurrences.Reference, TrainedRecurrences.Find)
                : (words ?? passages) is not null ? Chosen(initializers, EmbeddingCandidates.All, Candidate.Reference, EmbeddingCandidates.Find)
                : Chosen(initializers, Candidates.All, Candidate.Reference, Candidates.Find),
            LearningRates = Take("--learning-rates") is { } rates ? Arguments.Numbers("--learning-rates", rates) : ExperimentOptions.DefaultRates(optimizer),
            Seeds = Count("--seeds", Or("5", "3"), 1, 10_000),
        };
        string train = Take("--train") ?? (sequences is null ? Or("200", "60") : "all");
        string? json = Take("--json"), save = Take("--save"), curves = Take("--curves"), join = Take("--join"), known = Take("--known"), against = Take("--against") ?? (sequences is null ? Candidate.Reference : TrainedRecurrences.Reference);
        if (given.Count > 0)
            throw new ArgumentException($"Unknown option {given.Keys.First()}. --help lists the options.");

        if ((images is null) != (labels is null))
            throw new ArgumentException("--images and --labels belong together.");
        if ((labelColumn is not null || task is not null) && csv is null)
            throw new ArgumentException("--label-column and --task describe a --csv file, and none is named.");
        if ((vocabulary is not null || dimension is not null) && (words ?? passages) is null)
            throw new ArgumentException("--vocabulary and --dimension describe the embedding of --words and --passages, and neither is named.");
        if (units is not null && series is null)
            throw new ArgumentException("--units are those of a recurrence on a --series, and none is named.");
        if (values is not null && sweep is null)
            throw new ArgumentException("--values are those of a --sweep, and none is named.");
        if (alone.Count(given => given is not null) is var count && (count > 1 || (count == 1 && (tables || sweep is not null))))
            throw new ArgumentException("--words, --passages, --series and --sequences are compared by themselves: name no other data and no sweep.");
        if (rows is not null && made is null)
            throw new ArgumentException("--rows are those of a --made set, and none is named.");
        if (sequences is not null && options.Hidden.Count != 1)
            throw new ArgumentException("--hidden of --sequences is one number, the units of its recurrent layer.");

        if (join is not null)
            return new CommandLine { Join = join.Split(','), Against = against, Curves = curves?.Split(','), JsonFile = json, SaveFolder = save };

        List<DataSet> sets = [];
        if (images is not null)
            sets.Add(DataFiles.ReadIdx(images, labels!));
        if (csv is not null)
            sets.AddRange(csv.Split(',').Select(file => DataFiles.ReadTable(file, ParseColumn(labelColumn ?? "last"), ParseTask(task ?? "classes"))));
        if (patches is not null)
            sets.Add(DataFiles.ReadPatches(patches.Split(',')));
        if (text is not null)
            sets.Add(DataFiles.ReadText(text));
        int size = Arguments.Count("--vocabulary", vocabulary ?? "2000", 2, 1_000_000), width = Arguments.Count("--dimension", dimension ?? "64", 1, 10_000);
        if (words is not null)
            sets.Add(words == "made" ? NextWord.Made(size, width) : NextWord.Read(words, size, width));
        if (passages is not null)
            sets.Add(passages == "made" ? Passages.Made(size, width) : Passages.Read(passages, size, width));
        if (sequences is not null)
            sets.AddRange(ReadSeries(sequences).Select(set => Sequence.Cut(set, options.Hidden[0])));
        sets.AddRange(ParseMade(made ?? (named || sweep is { MakesData: true } ? "none" : "correlated,windows,friedman"), Arguments.Count("--rows", rows ?? "3000", 30, 10_000_000)));
        CommandLine line = new()
        {
            DataSets = sets,
            TrainRows = [.. train.Split(',').Select(text => text == "all" ? (int?)null : Arguments.Count("--train", text, 5, int.MaxValue))],
            Options = options,
            Sweep = sweep is not null && values is not null ? sweep with { Values = Arguments.Numbers("--values", values) } : sweep,
            Series = series is null ? [] : ReadSeries(series),
            Recurrences = series is null ? [] : Chosen(initializers, RecurrenceCandidate.All, RecurrenceCandidate.Reference, RecurrenceCandidate.Find),
            Units = Arguments.Widths("--units", units ?? "16,32,64,128"),
            Against = against,
            Known = known is null ? KnownResults.None : KnownResults.Read(known.Split(',')),
            Curves = curves?.Split(','),
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
        if (DataSets.Count > 0 && !DataSets.Any(set => TrainRows.Any(rows => Fits(set, rows))))
            _ = new Split(DataSets[0], TrainRows.Min(), Standardization.None, 0);
        foreach (DataSet set in DataSets)
        {
            _ = Options.CreateNetwork(set);
        }

        if (Series.Count == 0 && Options.Candidates.All(candidate => candidate.Name != Against))
            throw new ArgumentException($"--against {Against} is not among the --initializers.");
        foreach (double value in Sweep?.Values ?? [])
        {
            if (Sweep!.Name is "depth" or "width" && (value != (int)value || value > 10_000 || Options.Hidden.Count == 0))
                throw new ArgumentException($"--sweep {Sweep.Name} varies hidden layers: whole numbers up to 10000, and at least one width in --hidden.");
        }
    }

    private static SeriesSet[] ReadSeries(string name) => name == "made" ? [SeriesSources.Lorenz(), SeriesSources.Cycles()] : SeriesSources.ReadPrices(name);

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

    // The reference is always among them, and first.
    private static IReadOnlyList<T> Chosen<T>(string text, IReadOnlyList<T> all, string reference, Func<string, T> find) =>
        text == "all" ? all : [.. text.Split(',').Where(name => name != reference).Prepend(reference).Distinct().Select(find)];

    private static IEnumerable<DataSet> ParseMade(string text, int rows)
    {
        IEnumerable<MadeSet> sets = text switch
        {
            "none" => [],
            "all" => MadeData.All.Values,
            "held-out" => HeldOutData.All.Values,
            "held-out-2" => SecondHeldOutData.All.Values,
            _ => text.Split(',').Select(MadeData.Find),
        };
        return sets.Select(make => make(rows));
    }
}
