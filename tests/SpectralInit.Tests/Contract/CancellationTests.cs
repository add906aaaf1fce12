using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Contract;

/// <summary>What takes time stops when it is told to, and lets the exceptions of a progress through; nothing of the caller's is left half done.</summary>
public class CancellationTests
{
    private const int Features = 20, Order = 300;

    private static readonly double[] s_rows = Normal(2000 * Features);
    private static readonly double[] s_symmetric = Symmetric();
    private static readonly Targets s_classes = Targets.Classes([.. Enumerable.Range(0, 2000).Select(i => s_rows[i * Features] > 0 ? 1 : 0)]);
    private static readonly IReadOnlyList<DenseLayer> s_layers = DenseLayer.Stack([Features, 8, 2], LayerActivation.Relu);

    private static readonly Dictionary<string, Action<CancellationToken>> s_calls = new()
    {
        ["covariance"] = token => Covariance.Of(Stream(), cancellationToken: token),
        ["shrinkage"] = token => Covariance.LedoitWolf(Stream(), null, token),
        ["covariance spectrum"] = token => DataSpectrum.Fit(Stream(), new() { Solver = SpectrumSolver.Covariance }, null, token),
        ["Gram spectrum"] = token => DataSpectrum.Fit(Stream(), new() { Solver = SpectrumSolver.Gram, Components = 3 }, null, token),
        ["matrix-free spectrum"] = token => DataSpectrum.Fit(Stream(), new() { Solver = SpectrumSolver.MatrixFree, Components = 3 }, null, token),
        ["spectrum of a covariance"] = token => DataSpectrum.Fit(Covariance.Of(s_rows.AsSpan(0, 40 * Features), Features), cancellationToken: token),
        ["eigenpairs"] = token => SymmetricEigen.Decompose(s_symmetric, Order, cancellationToken: token),
        ["eigenvalues"] = token => SymmetricEigen.Values(s_symmetric, Order, cancellationToken: token),
        ["leading pairs"] = token => SymmetricEigen.Leading(s_symmetric, Order, 3, null, null, token),
        ["leading pairs of an operator"] = token => SymmetricEigen.Leading(new SymmetricOperator(s_symmetric, Order), 3, null, null, token),
        ["singular values"] = token => SingularValueDecomposition.Decompose(s_symmetric, Order, Order, cancellationToken: token),
        ["singular values of a matrix"] = token => SingularValueDecomposition.Decompose(Matrix<double>.Build.Dense(Order, Order, s_symmetric), cancellationToken: token),
        ["leading singular values"] = token => TruncatedSvd.Decompose(new SymmetricOperator(s_symmetric, Order), 3, null, null, token),
        ["eigenvalues of a small matrix"] = token => SymmetricEigen.Values(s_symmetric.AsSpan(0, 1), 1, cancellationToken: token),
        ["norm of a small matrix"] = token => SpectralNorm.Of(s_symmetric.AsSpan(0, 6), 2, 3, null, null, token),
        ["radius of a small matrix"] = token => SpectralRadius.Of(s_symmetric.AsSpan(0, 4), 2, null, null, token),
        ["differences of few rows in memory"] = token => ClassDifferenceInitializer.Fit(RowSource.From(s_rows[..(4 * Features)], Features), Targets.Classes([0, 1, 0, 1]), cancellationToken: token),
        ["gradients of few rows in memory"] = token => GradientOuterProduct.Fit(RowSource.From(s_rows[..(4 * Features)], Features), Targets.Classes([0, 1, 0, 1]), null, null, token),
        ["spectral norm"] = token => SpectralNorm.Of(s_symmetric, Order, Order, null, null, token),
        ["spectral norm of an operator"] = token => SpectralNorm.Of(new SymmetricOperator(s_symmetric, Order), null, null, token),
        ["spectral radius"] = token => SpectralRadius.Of(s_symmetric, Order, null, null, token),
        ["spectral radius, Arnoldi"] = token => SpectralRadius.Of(s_symmetric, Order, new() { Method = SpectralRadiusMethod.Arnoldi }, null, token),
        ["power iteration"] = token => PowerIteration.Run(s_symmetric, Order, null, null, token),
        ["power iteration of an operator"] = token => PowerIteration.Run(new SymmetricOperator(s_symmetric, Order), null, null, token),
        ["convolution norm"] = token => ConvolutionNorm.Of(Normal(36), WeightShape.Convolution(2, 2, [3, 3]), new(8, 8) { Boundary = ConvolutionBoundary.Circular }, null, null, token),
        ["whitening"] = token => Whitening.Fit(Stream(), null, null, token),
        ["clusters"] = token => SphericalKMeans.Fit(Stream(), null, null, token),
        ["class directions"] = token => ClassDirections.Fit(Stream(), s_classes, null, null, token),
        ["class differences"] = token => ClassDifferenceInitializer.Fit(Stream(), s_classes, cancellationToken: token),
        ["gradients"] = token => GradientOuterProduct.Fit(Stream(), s_classes, null, null, token),
        ["readout"] = token => RidgeReadout.Fit(Stream(), s_classes, null, null, token),
        ["warm start"] = token => SpectralWarmStart.Fit(s_layers, Stream(), s_classes, cancellationToken: token),
        ["automatic"] = token => AutomaticInitializer.Fit(s_layers, Stream(), s_classes, cancellationToken: token),
        ["unit variance"] = token => LayerSequentialUnitVariance.Apply(new DenseNetwork(s_layers, Stream()), cancellationToken: token),
        ["layer by layer"] = token => LayerwiseInitializer.Apply(new DenseNetwork(s_layers, Stream()), (_, _) => new HeInitializer(), cancellationToken: token),
        ["comparison"] = token => InitializerComparison.Measure(Stream(), WeightShape.Dense(Features, 3), 1, [("He", new HeInitializer())], null, token),
        ["co-occurrence"] = token => CooccurrenceCounts.Count(["a", "b"], new() { MinCount = 1 }, null, token),
        ["PiSSA"] = token => Pissa.Factor(s_symmetric, Order, Order, 3, cancellationToken: token),
        ["CorDA"] = token => Corda.Factor(s_rows.AsSpan(0, 30 * Features), 30, Features, 3, Moments(), cancellationToken: token),
        ["factorized layer"] = token => FactorizedLayer.Create(new HeInitializer(), WeightShape.Dense(30, 40), 3, 1, cancellationToken: token),
        ["dynamic modes"] = token => DynamicModes.Fit(s_rows, Features, null, null, token),
        ["reservoir"] = token => new ReservoirInitializer().CreateSparse(500, 1, null, token),
    };

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_token_that_is_cancelled_already_stops_the_call(string call)
    {
        Action act = () => s_calls[call](new CancellationToken(true));
        act.Should().Throw<OperationCanceledException>();
        s_calls[call](CancellationToken.None);
    }

    [Fact]
    public void Moments_are_as_before_when_a_token_or_a_progress_stops_them()
    {
        foreach (Func<IRowSource> rows in (Func<IRowSource>[])[Stream, () => RowSource.From(s_rows, Features)])
        {
            MomentAccumulator moments = Moments();
            double[] before = moments.ToCovariance().Values;
            moments.Invoking(it => it.Add(rows(), null, new CancellationToken(true))).Should().Throw<OperationCanceledException>();
            moments.Invoking(it => it.Add(rows(), new Throwing<long>())).Should().Throw<TimeoutException>();
            moments.Count.Should().Be(2000);
            moments.ToCovariance().Values.Should().Equal(before);
        }
    }

    [Fact]
    public void Progress_is_told_where_it_stands_and_what_it_throws_comes_through()
    {
        List<SolverProgress> told = [];
        DataSpectrum.Fit(RowSource.From(s_rows, Features), new() { Solver = SpectrumSolver.MatrixFree, Components = 2 }, new Listing<SolverProgress>(told));
        told.Should().Contain(report => report.Stage == "rows" && report.Done == 2000 && report.Total == 2000);
        told.Clear();
        SymmetricEigen.Leading(s_symmetric, Order, 3, null, new Listing<SolverProgress>(told));
        told.Should().Contain(report => report.Stage == "Krylov" && report.Done == 3 && report.Total == 3);
        told.Clear();
        TruncatedSvd.Decompose(new DenseOperator(s_symmetric, Order, Order), 3, new() { Solver = EigenSolver.Direct }, new Listing<SolverProgress>(told));
        told.Should().AllSatisfy(report => (report.Stage, report.Total).Should().Be(("direct", 100L))).And.BeInAscendingOrder(report => report.Done);
        told[^1].Done.Should().Be(100);
        List<double> shares = [];
        SingularValueDecomposition.Decompose(s_symmetric, Order, Order, new Listing<double>(shares));
        shares.Should().BeInAscendingOrder().And.HaveCountGreaterThan(5);
        (shares[0], shares[^1]).Should().Match<(double First, double Last)>(share => share.First >= 0 && share.First < 0.25 && share.Last == 1);
        foreach (Action call in (Action[])
        [
            () => SymmetricEigen.Decompose(s_symmetric, Order, progress: new Throwing<double>()), () => SymmetricEigen.Leading(s_symmetric, Order, 3, null, new Throwing<SolverProgress>()),
            () => DataSpectrum.Fit(Stream(), null, new Throwing<SolverProgress>()), () => SingularValueDecomposition.Decompose(s_symmetric, Order, Order, new Throwing<double>()),
            () => SymmetricEigen.Leading(s_symmetric, Order, 3, new() { Solver = EigenSolver.Direct }, new Throwing<SolverProgress>()),
            () => Pissa.Factor(s_symmetric, Order, Order, 3, progress: new Throwing<double>()), () => FactorizedLayer.Create(new HeInitializer(), WeightShape.Dense(30, 40), 3, 1, new Throwing<double>()),
            () => Corda.Factor(s_rows.AsSpan(0, 30 * Features), 30, Features, 3, Moments(), progress: new Throwing<double>()), () => SphericalKMeans.Fit(Stream(), new() { Clusters = 2 }, new Throwing<int>()),
        ])
            call.Should().Throw<TimeoutException>();
        SymmetricEigen.Decompose(s_symmetric, Order).Count.Should().Be(Order, "a call after one that was stopped is a call like any other");
    }

    private static IRowSource Stream() => RowSource.From(s_rows.Chunk(Features));

    private static MomentAccumulator Moments()
    {
        MomentAccumulator moments = new(Features);
        moments.Add(s_rows);
        return moments;
    }

    private static double[] Normal(int count)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, 0, 1, 3);
        return values;
    }

    private static double[] Symmetric()
    {
        double[] values = Normal(Order * Order), symmetric = new double[values.Length];
        for (int i = 0; i < symmetric.Length; i++)
            symmetric[i] = values[i] + values[(i % Order * Order) + (i / Order)];
        return symmetric;
    }

    private sealed class Throwing<T> : IProgress<T>
    {
        public void Report(T value) => throw new TimeoutException();
    }

    private sealed class Listing<T>(List<T> told) : IProgress<T>
    {
        public void Report(T value) => told.Add(value);
    }
}
