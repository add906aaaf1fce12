using System.Diagnostics;
using Quickstart;
using SpectralInit;
using Spectre.Console;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

if (arguments.Help)
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

try
{
    return Run(arguments);
}
catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

static int Run(Arguments arguments)
{
    Stopwatch clock = Stopwatch.StartNew();
    IAnsiConsole console = AnsiConsole.Console;
    if (Console.IsOutputRedirected)
    {
        console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 110;
    }

    DataFile data = arguments.Data is string path
        ? DataFile.Open(path)
        : new DataFile(
            RowSource.From(DigitRenderer.Draw(6000, arguments.Seed), DigitRenderer.Side * DigitRenderer.Side, 1.0 / 255),
            "6,000 drawn digits",
            DigitRenderer.Side,
            DigitRenderer.Side);
    IRowSource rows = data.Rows;
    int outputs = arguments.Outputs, features = rows.Columns;
    console.MarkupLineInterpolated($"[bold]SpectralInit[/] · {data.Description}: {rows.RowCount:N0} rows × {features:N0} features → {outputs} outputs");

    // 1. The spectrum of the data: covariance, then its eigenpairs.
    DataSpectrum spectrum = Step(console, "covariance and eigenpairs", rows.RowCount, progress => Spectrum(rows, outputs, progress));
    SpectrumReport report = new(spectrum);
    console.WriteLine();
    console.WriteLine(report.ToString());
    console.WriteLine();

    // 2. Initializers: all the same interface, whether they look at the data or not.
    WeightShape shape = WeightShape.Dense(features, outputs);
    PrincipalComponentOptions asIs = new() { Completion = outputs > features ? ComponentCompletion.HeRemainder : ComponentCompletion.OrthogonalComplement };
    PrincipalComponentInitializer principal = new(spectrum, asIs);
    List<(string Name, IWeightInitializer Initializer)> initializers =
    [
        ("principal components W = Uᵀ", principal),
        ("  scaled to variance 1", new PrincipalComponentInitializer(spectrum, asIs with { Scaling = ComponentScaling.Proportional })),
        ("spectral power p = 1", new SpectralPowerInitializer(spectrum, 1)),
        ("He", new HeInitializer()),
        ("He, spectral norm 1", new SpectrallyNormalizedInitializer(new HeInitializer())),
        ("Xavier", new XavierInitializer()),
        ("orthogonal", new OrthogonalInitializer()),
    ];

    // 3. What each does to the data.
    InitializerComparison comparison = Step(console, "initializers on the data", rows.RowCount, progress => InitializerComparison.Measure(rows, shape, arguments.Seed, initializers, progress));
    Table table = new Table().Border(TableBorder.Rounded).AddColumn("initializer");
    foreach (string column in (string[])["σ₁", "mean", "variance", "dead ReLUs", "captured"])
        table.AddColumn(new TableColumn(column).RightAligned());
    foreach (LayerStatistics layer in comparison.Layers)
        table.AddRow(Markup.Escape(layer.Name), $"{layer.SpectralNorm:0.###}", $"{layer.Mean:0.###;-0.###;0}", $"{layer.Variance:0.###}", $"{layer.DeadUnits} of {outputs}", $"{layer.CapturedVariance:0.0%}");
    console.Write(table);
    console.WriteLine("σ₁: largest stretch of an input; mean, variance: of the pre-activations on these rows;");
    console.WriteLine("dead: units never positive on them; captured: share of the data's variance the layer sees.");
    console.WriteLine("Data-driven rows come with their centering bias b = −W·μ, the others with none.");

    // 4. Weights and pictures to keep.
    Save(arguments, data, spectrum, report, principal, shape);
    console.WriteLine();
    console.MarkupLineInterpolated($"saved in [bold]{arguments.Save}[/]: weights.npy, weights.safetensors, scree.svg{(data.ImageHeight > 0 ? ", components.svg, data.svg" : "")}");
    console.MarkupLineInterpolated($"done in {clock.Elapsed.TotalSeconds:0.0} s");
    return 0;
}

static DataSpectrum Spectrum(IRowSource rows, int outputs, IProgress<long> progress)
{
    int most = (int)Math.Min(rows.Columns, rows.RowCount ?? long.MaxValue);
    int components = rows.Columns <= 1024 ? rows.Columns : Math.Min(most, Math.Max(outputs, 100));

    return DataSpectrum.Fit(rows, new() { Components = components }, new Direct<SolverProgress>(step =>
    {
        if (step.Stage == "rows")
            progress.Report(step.Done);
    }));
}

static void Save(Arguments arguments, DataFile data, DataSpectrum spectrum, SpectrumReport report, PrincipalComponentInitializer principal, WeightShape shape)
{
    Directory.CreateDirectory(arguments.Save);
    string In(string file) => Path.Combine(arguments.Save, file);
    float[] weights = principal.Create<float>(shape, arguments.Seed);
    float[] bias = principal.CreateBias<float>(shape, arguments.Seed);
    NpyFile.Write(In("weights.npy"), weights, shape.Rows, shape.Columns);
    SafeTensors.Write(In("weights.safetensors"), [NamedTensor.Create("fc1.weight", weights, shape.Rows, shape.Columns), NamedTensor.Create("fc1.bias", bias, shape.Rows)]);
    report.ScreePlot().Save(In("scree.svg"));
    if (data.ImageHeight == 0)
        return;
    ImageMosaic.OfComponents(spectrum, data.ImageHeight, data.ImageWidth).Save(In("components.svg"));
    double[] first = new double[40 * data.Rows.Columns];
    using IRowReader reader = data.Rows.Open();
    int read = reader.Read(first);
    new ImageMosaic("First rows of the data", first.AsSpan(0, read * data.Rows.Columns), data.ImageHeight, data.ImageWidth, columns: 10).Save(In("data.svg"));
}

static T Step<T>(IAnsiConsole console, string name, long? rows, Func<IProgress<long>, T> work)
{
    if (Console.IsOutputRedirected)
    {
        // A log gets one line per finished step instead of a moving bar.
        Stopwatch clock = Stopwatch.StartNew();
        T result = work(new Progress<long>());
        console.WriteLine($"{name}: {clock.Elapsed.TotalSeconds:0.0} s");
        return result;
    }

    return console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).Start(context =>
    {
        ProgressTask task = context.AddTask(name, maxValue: rows ?? 1);
        task.IsIndeterminate = rows is null;
        T result = work(new Direct<long>(count => task.Value = count));
        task.Value = task.MaxValue;
        return result;
    });
}

/// <summary>Reports on the calling thread; a console program has no other to post to.</summary>
internal sealed class Direct<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
