using System.Reflection;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Contract;

/// <summary>What takes a token takes a progress before it, as its last two arguments; options never hold one. And it is told.</summary>
public class ProgressTests
{
    private const int Features = 20, Order = 300;

    private static readonly double[] s_rows = Normal(2000 * Features);
    private static readonly double[] s_square = Normal(Order * Order);
    private static readonly double[] s_wide = Normal(30 * 60);
    private static readonly Targets s_classes = Targets.Classes([.. Enumerable.Range(0, 2000).Select(i => s_rows[i * Features] > 0 ? 1 : 0)]), s_few = Targets.Classes([.. Enumerable.Range(0, 30).Select(i => i % 3)]);
    private static readonly ConvolutionGeometry s_circular = new(12, 12) { Boundary = ConvolutionBoundary.Circular };

    private static readonly Dictionary<string, (string[] Stages, Action<IProgress<SolverProgress>> Call)> s_calls = new()
    {
        ["spectrum"] = (["rows", "direct"], told => DataSpectrum.Fit(Rows(), null, told)),
        ["spectrum of an array"] = (["rows", "direct"], told => DataSpectrum.Fit(s_rows, Features, null, told)),
        ["spectrum of a covariance"] = (["direct"], told => DataSpectrum.Fit(Covariance.Of(Rows()), null, told)),
        ["whitening"] = (["rows", "direct"], told => Whitening.Fit(Rows(), null, told)),
        ["whitening by Cholesky"] = (["rows"], told => Whitening.Fit(Rows(), new() { Kind = WhiteningKind.Cholesky }, told)),
        ["whitening of a covariance"] = (["direct"], told => Whitening.Fit(Covariance.Of(Rows()), null, told)),
        ["class directions"] = (["direct"], told => ClassDirections.Fit(Rows(), s_classes, new() { Kind = ClassDirectionsKind.Discriminant }, told)),
        ["class differences of wide rows"] = (["direct"], told => ClassDifferenceInitializer.Fit(RowSource.From(s_wide, 60), s_few, progress: told)),
        ["gradients"] = (["rows", "kernel", "direct"], told => GradientOuterProduct.Fit(Rows(), s_classes, new() { MaxCenters = 100 }, told)),
        ["gradients of wide rows"] = (["direct", "kernel"], told => GradientOuterProduct.Fit(RowSource.From(s_wide, 60), s_few, null, told)),
        ["readout"] = (["rows", "direct"], told => RidgeReadout.Fit(Rows(), s_classes, null, told)),
        ["readout of wide rows"] = (["direct", "rows"], told => RidgeReadout.Fit(RowSource.From(s_wide, 60), s_few, null, told)),
        ["words"] = (["direct"], told => WordVectors.Fit(CooccurrenceCounts.Count("a b a c b a c a b b c".Split(' '), new() { MinCount = 1 }), new() { Dimension = 2 }, told)),
        ["leading triples"] = (["Krylov"], told => TruncatedSvd.Decompose(new DenseOperator(s_square, Order, Order), 3, null, told)),
        ["radius"] = (["direct"], told => SpectralRadius.Of(s_square, Order, null, told)),
        ["radius of a triangle"] = (["direct"], told => SpectralRadius.Of([1.0, 2, 0, 3], 2, null, told)),
        ["radius by Arnoldi"] = (["Arnoldi"], told => SpectralRadius.Of(s_square, Order, new() { Method = SpectralRadiusMethod.Arnoldi }, told)),
        ["radius by Arnoldi, then directly"] = (["Arnoldi", "direct"], told => SpectralRadius.Of(new DenseOperator(s_square, Order, Order), new() { DirectLimit = 0, MaxProducts = 1 }, told)),
        ["power iteration"] = (["power", "direct"], told => PowerIteration.Run([0.0, 1, 0, 0, 0, 1, 1, 0, 0], 3, new() { MaxIterations = 9 }, told)),
        ["power iteration of an operator"] = (["power", "direct"], told => PowerIteration.Run(new DenseOperator(new double[] { 0, 1, 0, 0, 0, 1, 1, 0, 0 }, 3, 3), new() { MaxIterations = 9 }, told)),
        ["reservoir"] = (["direct"], told => new ReservoirInitializer().CreateSparse(100, 1, told)),
        ["dynamic modes"] = (["rows", "direct"], told => DynamicModes.Fit(s_rows, Features, null, told)),
        ["norm"] = (["Lanczos"], told => SpectralNorm.Of(s_square, Order, Order, null, told)),
        ["norm, directly"] = (["direct"], told => SpectralNorm.Of(s_square, Order, Order, new() { Method = SpectralNormMethod.Direct }, told)),
        ["norm of an operator"] = (["Lanczos"], told => SpectralNorm.Of(new DenseOperator(s_square, Order, Order), null, told)),
        ["convolution norm by Lanczos"] = (["Lanczos"], told => ConvolutionNorm.Of(Normal(9 * 4), WeightShape.Convolution(2, 2, [3, 3]), new(16, 16) { Padding = 1 }, null, told)),
        ["convolution norm"] = (["frequencies"], told => ConvolutionNorm.Of(Normal(36), WeightShape.Convolution(2, 2, [3, 3]), s_circular, null, told)),
    };

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    [Fact]
    public void Progress_and_token_are_the_last_two_arguments_and_optional()
    {
        MethodBase[] calls = [.. Public().Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken) || IsProgress(parameter.ParameterType)))];
        calls.Length.Should().BeGreaterThan(50);
        foreach (MethodBase method in calls)
        {
            string name = $"{method.DeclaringType!.Name}.{method.Name}";
            ParameterInfo[] parameters = method.GetParameters();
            (parameters[^1].ParameterType, parameters[^1].HasDefaultValue).Should().Be((typeof(CancellationToken), true), name);
            (parameters[^2].Name, parameters[^2].HasDefaultValue, IsProgress(parameters[^2].ParameterType)).Should().Be(("progress", true, true), name);
            parameters[..^2].Should().NotContain(parameter => parameter.ParameterType == typeof(CancellationToken) || IsProgress(parameter.ParameterType), name);
        }
    }

    [Fact]
    public void Options_hold_neither() =>
        typeof(DataSpectrum).Assembly.GetExportedTypes().SelectMany(type => type.GetProperties()).Where(property => IsProgress(property.PropertyType) || property.PropertyType == typeof(CancellationToken))
            .Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Calls))]
    public void Long_calls_tell_their_stages_and_let_through_what_the_progress_throws(string call)
    {
        (string[] stages, Action<IProgress<SolverProgress>> act) = s_calls[call];
        List<SolverProgress> told = [];
        act(new Listening(told.Add));
        told.Select(report => report.Stage).Distinct().Should().Equal(stages);
        for (int i = 0; i < told.Count; i++)
        {
            told[i].Done.Should().BeInRange(0, told[i].Total ?? long.MaxValue);

            // A stage rises to its end before another begins, or it begins again; only an iteration may end early.
            bool ends = i == told.Count - 1 || told[i + 1].Stage != told[i].Stage || told[i + 1].Done < told[i].Done;
            if (ends && told[i] is { Total: { } total, Stage: not "power" })
                told[i].Done.Should().Be(total, "{0} ends", told[i].Stage);
        }

        Action thrown = () => act(new Listening(_ => throw new TimeoutException()));
        thrown.Should().Throw<TimeoutException>();
    }

    [Fact]
    public void The_reduction_of_a_direct_radius_stops_when_it_is_told_to()
    {
        using CancellationTokenSource source = new();
        int reports = 0;
        Listening cancelling = new(_ =>
        {
            if (++reports == 10)
                source.Cancel();
        });
        Action act = () => SpectralRadius.Of(s_square, Order, null, cancelling, source.Token);
        act.Should().Throw<OperationCanceledException>();
        reports.Should().Be(10);
    }

    private static IEnumerable<MethodBase> Public() => typeof(DataSpectrum).Assembly.GetExportedTypes()
        .SelectMany(type => (MethodBase[])[.. type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly), .. type.GetConstructors()]);

    private static bool IsProgress(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>);

    private static IRowSource Rows() => RowSource.From(s_rows, Features);

    private static double[] Normal(int count)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, 0, 1, 3);
        return values;
    }

    private sealed class Listening(Action<SolverProgress> report) : IProgress<SolverProgress>
    {
        public void Report(SolverProgress value) => report(value);
    }
}
