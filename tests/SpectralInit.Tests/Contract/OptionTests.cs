using SpectralInit.Kernels;

namespace SpectralInit.Tests.Contract;

/// <summary>Options that no other test turns: each does what its documentation says, and nothing else.</summary>
public class OptionTests
{
    [Fact]
    public void Direct_limits_decide_the_method_and_not_the_answer()
    {
        double[] matrix = Normal(64 * 64, 1);
        SpectralNormResult lanczos = SpectralNorm.Of(matrix, 64, 64, new() { DirectLimit = 63, Tolerance = 1e-10 }), direct = SpectralNorm.Of(matrix, 64, 64, new() { DirectLimit = 64 });
        (lanczos.Method, direct.Method).Should().Be((SpectralNormMethod.Lanczos, SpectralNormMethod.Direct));
        lanczos.Value.Should().BeApproximately(direct.Value, 1e-9 * direct.Value);
        SpectralRadiusResult arnoldi = SpectralRadius.Of(matrix, 64, new() { DirectLimit = 63 }), exact = SpectralRadius.Of(matrix, 64, new() { DirectLimit = 64 });
        (arnoldi.Method, exact.Method).Should().Be((SpectralRadiusMethod.Arnoldi, SpectralRadiusMethod.Direct));
        arnoldi.Value.Should().BeApproximately(exact.Value, 1e-9 * exact.Value);
    }

    [Fact]
    public void An_unsettled_power_iteration_is_resolved_when_asked_for()
    {
        // Three eigenvalues on one circle: the cube roots of 24.
        double[] cycle = [0, 2, 0, 0, 0, 3, 4, 0, 0];
        PowerIterationResult left = PowerIteration.Run(cycle, 3, new() { ResolveUnsettled = false }), resolved = PowerIteration.Run(cycle, 3);
        left.Radius.Should().BeNull();
        left.StretchingFactor.Should().BeNull();
        resolved.Radius!.Value.Should().BeApproximately(Math.Cbrt(24), 1e-12);
    }

    [Fact]
    public void A_spectrum_knows_whether_a_direction_is_missing()
    {
        double[] basis = Normal(2 * 6, 2), mix = Normal(30 * 2, 3), rows = new double[30 * 6];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (mix[i / 6 * 2] * basis[i % 6]) + (mix[(i / 6 * 2) + 1] * basis[6 + (i % 6)]);
        DataSpectrum one = DataSpectrum.Fit(rows, 6, new() { Components = 1 }), three = DataSpectrum.Fit(rows, 6, new() { Components = 3 });
        (one.Rank, one.IsExhausted).Should().Be((1, false));
        (three.Rank, three.IsExhausted).Should().Be((2, true));
    }

    [Fact]
    public void Clusters_are_whitened_as_their_options_say()
    {
        IRowSource rows = RowSource.From(Normal(60 * 4, 4), 4);
        SphericalKMeans clusters = SphericalKMeans.Fit(rows, new() { Clusters = 3, WhiteningRegularization = 0.7 });
        clusters.Whitening!.Matrix.Should().Equal(Whitening.Fit(rows, new() { Kind = WhiteningKind.ZeroPhase, Regularization = 0.7 }).Matrix);
        SphericalKMeans.Fit(rows, new() { Clusters = 3, Whiten = false }).Whitening.Should().BeNull();
    }

    [Fact]
    public void Words_are_counted()
    {
        CooccurrenceCounts counts = CooccurrenceCounts.Count("b a b c b a".Split(' '), new() { MinCount = 1, Window = 1, Weighting = ContextWeighting.Uniform });
        counts.Vocabulary.Should().Equal("b", "a", "c");
        counts.WordCounts.Should().Equal(3, 2, 1);
        (ReadOnlyMemory<int> columns, ReadOnlyMemory<double> values) = counts.Matrix.Row(0);
        columns.ToArray().Should().Equal(1, 2);
        values.ToArray().Should().Equal(3, 2);
    }

    [Fact]
    public void Later_layers_follow_their_own_recipe()
    {
        double[] rows = Normal(80 * 6, 5);
        Targets targets = Targets.Classes([.. Enumerable.Range(0, 80).Select(i => rows[i * 6] > 0 ? 1 : 0)]);
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([6, 16, 8, 2], LayerActivation.Relu);
        SpectralWarmStart start = SpectralWarmStart.Fit(layers, RowSource.From(rows, 6), targets), other = SpectralWarmStart.Fit(layers, RowSource.From(rows, 6), targets, new() { LaterRecipe = FeatureRecipe.Isotropic });
        other.Layers[0].Weights.Should().Equal(start.Layers[0].Weights);
        other.Layers[1].Weights.Should().NotEqual(start.Layers[1].Weights);
        other.Report[1].Method.Should().Be(FeatureRecipe.Isotropic.Name);

        // Layers that do not narrow draw features up to the number asked for and carry activations on after it.
        IReadOnlyList<DenseLayer> equal = DenseLayer.Stack([6, 8, 8, 8, 2], LayerActivation.Relu);
        SpectralWarmStart.Fit(equal, RowSource.From(rows, 6), targets, new() { FeatureLayers = 1 }).Report[1].Method
            .Should().NotBe(SpectralWarmStart.Fit(equal, RowSource.From(rows, 6), targets, new() { FeatureLayers = 3 }).Report[1].Method);
    }

    [Fact]
    public void Many_rows_take_the_recipe_for_many()
    {
        double[] rows = Normal(5001 * 3, 6);
        Targets targets = Targets.Classes([.. Enumerable.Range(0, 5001).Select(i => rows[i * 3] > 0 ? 1 : 0)]);
        AutomaticInitializer start = AutomaticInitializer.Fit(DenseLayer.Stack([3, 6, 2], LayerActivation.Relu), RowSource.From(rows, 3), targets, new() { ManyRowsRecipe = FeatureRecipe.Focused });
        start.Chosen.Should().Be(FeatureRecipe.Focused.Name);
        start.Candidates.Should().BeEmpty();
    }

    [Fact]
    public void Pictures_are_saved_as_they_are()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            SvgPlot plot = new SvgPlot("t").Line("a", [1, 2, 3]);
            plot.Save(path);
            File.ReadAllText(path).Should().Be(plot.ToSvg());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double[] Normal(int count, ulong seed)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, 0, 1, seed);
        return values;
    }
}
