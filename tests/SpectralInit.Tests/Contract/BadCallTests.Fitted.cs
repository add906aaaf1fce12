using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Contract;

/// <summary>Bad calls of everything that is fitted to data, and of the linear algebra around it.</summary>
public partial class BadCallTests
{
    private static readonly double[] s_square = [1, 2, 3, 4];
    private static readonly Targets s_classes = Targets.Classes([0, 1, 0, 1, 0]);

    private static IRowSource Rows() => RowSource.From(s_rows, 2);

    private static IRowSource NaNRows() => RowSource.From([.. s_rows[..9], double.NaN], 2);

    private static IRowSource OneRow() => RowSource.From(s_rows[..2], 2);

    private static double[] WithNaN(double[] values) => [.. values[..^1], double.NaN];

    // A source of unknown length: that it has fewer rows than there are targets shows only when it has been read.
    private static IEnumerable<double[]> Streamed(int rows) => Enumerable.Range(0, rows).Select(i => s_rows[(2 * i)..((2 * i) + 2)]);

    private static void AddFitted(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        Moments(absent, range, bad);
        Labelled(absent, range, bad);
        Networks(absent, range, bad);
        Spectral(absent, range, bad);
        LowRank(absent, range, bad);
        Recurrent(absent, range, bad);
        Operators(absent, range, bad);
        Files(absent, range, bad);
    }

    private static void Moments(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        bad("moments, a row is no number", "rows", _ => new MomentAccumulator(2).Add(WithNaN(s_rows)));
        bad("moments, a float row is infinite", "rows", _ => new MomentAccumulator(2).Add([1f, float.PositiveInfinity]));
        bad("moments, source of another width", "source", _ => new MomentAccumulator(3).Add(Rows()));
        bad("moments, source with no number", "source", _ => new MomentAccumulator(2).Add(NaNRows()));
        absent("moments, nothing to merge", "other", _ => new MomentAccumulator(2).Merge(null!));
        bad("moments, merge of another width", "other", _ => new MomentAccumulator(2).Merge(new MomentAccumulator(3)));
        bad("moments, not a snapshot", "snapshot", _ => MomentAccumulator.Restore([1, 2, 3]));
        bad("moments, damaged snapshot", "snapshot", _ =>
        {
            byte[] bytes = new MomentAccumulator(2).Snapshot();
            bytes[^9] ^= 1;
            MomentAccumulator.Restore(bytes);
        });
        absent("covariance, no rows", "rows", _ => Covariance.Of((IRowSource)null!));
        bad("covariance, one row", "rows", _ => Covariance.Of(OneRow()));
        bad("covariance, no number", "rows", _ => Covariance.Of(NaNRows()));
        bad("covariance, half a row", "rows", _ => Covariance.Of(s_rows.AsSpan(0, 9), 2));
        range("covariance, no columns", "columns", _ => Covariance.Of(s_rows, 0));
        range("covariance, undefined divisor", "normalization", _ => Covariance.Of(Rows(), (CovarianceNormalization)5));
        absent("shrinkage, no rows", "rows", _ => Covariance.LedoitWolf(null!));
        bad("shrinkage, no number", "rows", _ => Covariance.LedoitWolf(NaNRows()));
        absent("shrinkage, no covariance", "covariance", _ => Covariance.OracleApproximating(null!));
        bad("shrinkage, unknown count", "covariance", _ => Covariance.OracleApproximating(CovarianceEstimate.FromMatrix(Matrix<double>.Build.DenseIdentity(2))));
        absent("covariance from no matrix", "covariance", _ => CovarianceEstimate.FromMatrix(null!));
        bad("covariance from a wide matrix", "covariance", _ => CovarianceEstimate.FromMatrix(Matrix<double>.Build.Dense(2, 3)));
        bad("covariance, not symmetric", "covariance", _ => CovarianceEstimate.FromMatrix(Matrix<double>.Build.Dense(2, 2, s_square)));
        bad("covariance, negative variance", "covariance", _ => CovarianceEstimate.FromMatrix(-Matrix<double>.Build.DenseIdentity(2)));
        bad("covariance, entry is no number", "covariance", _ => CovarianceEstimate.FromMatrix(Matrix<double>.Build.Dense(1, 1, double.NaN)));
        bad("covariance, mean of another length", "mean", _ => CovarianceEstimate.FromMatrix(Matrix<double>.Build.DenseIdentity(2), [1]));
        bad("covariance, infinite mean", "mean", _ => CovarianceEstimate.FromMatrix(Matrix<double>.Build.DenseIdentity(2), [1, double.NegativeInfinity]));
        range("covariance, negative count", "count", _ => CovarianceEstimate.FromMatrix(Matrix<double>.Build.DenseIdentity(2), count: -1));
        range("covariance, undefined normalization", "normalization", _ => Covariance.Of(Rows()).Normalized((CovarianceNormalization)9));
        range("covariance, too much shrinkage", "intensity", _ => Covariance.Of(Rows()).Shrink(1.5));
        range("covariance, negative ridge", "ridge", _ => Covariance.Of(Rows()).AddRidge(-1));
    }

    private static void Labelled(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        range("targets, negative label", "labels", _ => Targets.Classes([0, -1]));
        range("targets, label beyond the classes", "labels", _ => Targets.Classes([0, 2], 2));
        range("targets, no classes", "classes", _ => Targets.Classes([0], 0));
        bad("targets, half a row", "values", _ => Targets.Values([1, 2, 3], 2));
        bad("targets, no number", "values", _ => Targets.Values([1, double.NaN]));
        range("targets, no outputs", "outputs", _ => Targets.Values([1, 2], 0));

        absent("gradients, no rows", "rows", _ => GradientOuterProduct.Fit(null!, s_classes));
        absent("gradients, no targets", "targets", _ => GradientOuterProduct.Fit(Rows(), null!));
        bad("gradients, other number of targets", "targets", _ => GradientOuterProduct.Fit(Rows(), Targets.Classes([0, 1])));
        bad("gradients, other number of targets, streamed", "targets", _ => GradientOuterProduct.Fit(RowSource.From(Streamed(4)), s_classes));
        bad("gradients, one row", "rows", _ => GradientOuterProduct.Fit(OneRow(), Targets.Classes([0])));
        bad("gradients, no number", "rows", _ => GradientOuterProduct.Fit(NaNRows(), s_classes));
        range("gradients, no ridge", "Ridge", _ => GradientOuterProduct.Fit(Rows(), s_classes, new() { Ridge = 0 }));
        range("gradients, infinite bandwidth", "Bandwidth", _ => GradientOuterProduct.Fit(Rows(), s_classes, new() { Bandwidth = double.PositiveInfinity }));
        range("gradients, one centre", "MaxCenters", _ => GradientOuterProduct.Fit(Rows(), s_classes, new() { MaxCenters = 1 }));
        absent("gradient initializer, no product", "product", _ => new GradientOuterProductInitializer(null!));
        range("gradient initializer, share above one", "IsotropicShare", _ => new GradientOuterProductInitializer(GradientOuterProduct.Fit(Rows(), s_classes), new() { IsotropicShare = 2 }));
        bad("gradient initializer, other features", "shape", w => new GradientOuterProductInitializer(GradientOuterProduct.Fit(Rows(), s_classes)).Initialize<double>(w, s_layer, 1));

        absent("class directions, no rows", "rows", _ => ClassDirections.Fit(null!, s_classes));
        absent("class directions, no targets", "targets", _ => ClassDirections.Fit(Rows(), null!));
        bad("class directions, one row", "rows", _ => ClassDirections.Fit(OneRow(), Targets.Classes([0])));
        bad("class directions, no number", "rows", _ => ClassDirections.Fit(NaNRows(), s_classes));
        absent("class directions initializer, no directions", "directions", _ => new ClassDirectionsInitializer(null!));
        range("class directions initializer, negative exponent", "exponent", _ => new ClassDirectionsInitializer(ClassDirections.Fit(Rows(), s_classes), -1));
        range("class directions initializer, share is no number", "isotropicShare", _ => new ClassDirectionsInitializer(ClassDirections.Fit(Rows(), s_classes), 1, double.NaN));
        bad("class directions initializer, other features", "shape", w => new ClassDirectionsInitializer(ClassDirections.Fit(Rows(), s_classes)).Initialize<double>(w, s_layer, 1));
        range("class differences, one row kept", "maxRows", _ => ClassDifferenceInitializer.Fit(Rows(), s_classes, maxRows: 1));
        bad("class differences, no number", "rows", _ => ClassDifferenceInitializer.Fit(NaNRows(), s_classes));
        bad("class differences, other features", "shape", w => ClassDifferenceInitializer.Fit(Rows(), s_classes).Initialize<double>(w, s_layer, 1));

        absent("readout, no features", "features", _ => RidgeReadout.Fit(null!, s_classes));
        absent("readout, no targets", "targets", _ => RidgeReadout.Fit(Rows(), null!));
        bad("readout, no rows", "targets", _ => RidgeReadout.Fit(Rows(), Targets.Values([])));
        bad("readout, fewer targets", "targets", _ => RidgeReadout.Fit(Rows(), Targets.Values([1, 2, 3])));
        bad("readout, more targets", "targets", _ => RidgeReadout.Fit(Rows(), Targets.Values([1, 2, 3, 4, 5, 6])));
        bad("readout, no number", "features", _ => RidgeReadout.Fit(NaNRows(), s_classes));
        bad("readout, no number in few rows", "features", _ => RidgeReadout.Fit(RowSource.From([1, double.NaN, 3, 4], 2), Targets.Values([1, 2])));
        bad("readout, a label without end", "targets", _ => RidgeReadout.Fit(Rows(), Targets.Classes([0, 1, 0, 1, int.MaxValue - 1])));
        bad("gradients, a label without end in a sample", "targets", _ => GradientOuterProduct.Fit(Rows(), Targets.Classes([0, 1, 0, 1, int.MaxValue - 1]), new() { MaxCenters = 3 }));
        bad("readout, no ridges", "Ridges", _ => RidgeReadout.Fit(Rows(), s_classes, new() { Ridges = [] }));
        bad("readout, negative ridge", "Ridges", _ => RidgeReadout.Fit(Rows(), s_classes, new() { Ridges = [-1] }));
    }

    private static void Networks(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([2, 3, 2], LayerActivation.Relu);
        absent("warm start, no layers", "layers", _ => SpectralWarmStart.Fit(null!, Rows(), s_classes));
        absent("warm start, no rows", "rows", _ => SpectralWarmStart.Fit(layers, null!, s_classes));
        absent("warm start, no targets", "targets", _ => SpectralWarmStart.Fit(layers, Rows(), null!));
        bad("warm start, empty network", "layers", _ => SpectralWarmStart.Fit([], Rows(), s_classes));
        bad("warm start, layers that do not fit", "layers", _ => SpectralWarmStart.Fit([layers[0], new DenseLayer(4, 2, LayerActivation.Identity)], Rows(), s_classes));
        bad("warm start, rows that do not fit", "layers", _ => SpectralWarmStart.Fit(DenseLayer.Stack([3, 2], LayerActivation.Relu), Rows(), s_classes));
        bad("warm start, more classes than outputs", "targets", _ => SpectralWarmStart.Fit(layers, Rows(), Targets.Classes([0, 1, 2, 3, 4])));
        bad("warm start, other number of targets", "targets", _ => SpectralWarmStart.Fit(layers, Rows(), Targets.Classes([0, 1])));
        bad("warm start, no number", "rows", _ => SpectralWarmStart.Fit(layers, NaNRows(), s_classes));
        range("warm start, no scale", "LogitScale", _ => SpectralWarmStart.Fit(layers, Rows(), s_classes, new() { LogitScale = 0 }));
        absent("warm start, no network", "network", _ => SpectralWarmStart.Apply(null!, s_classes));
        range("dense network, no such layer", "layer", _ => new DenseNetwork(layers, Rows()).InputsOf(9));
        range("dense network, a layer below the first", "layer", _ => new DenseNetwork(layers, Rows()).ShapeOf(-1));
        bad("dense parameters, another number of weights", "destination", w => new DenseNetwork(layers, Rows()).Parameters[0].CopyWeights<double>(w.AsSpan(0, 1)));
        absent("warm start of a network, no targets", "targets", _ => SpectralWarmStart.Apply(new DenseNetwork(layers, Rows()), null!));
        bad("warm start of a network, no number", "network", _ => SpectralWarmStart.Apply(new DenseNetwork(layers, NaNRows()), s_classes));
        range("warm start, no norm", "ReadoutNorm", _ => SpectralWarmStart.Fit(layers, Rows(), s_classes, new() { ReadoutNorm = 0 }));
        range("warm start, one row for the readout", "MaxReadoutRows", _ => SpectralWarmStart.Fit(layers, Rows(), s_classes, new() { MaxReadoutRows = 1 }));
        absent("warm start, no recipe", "Recipe", _ => SpectralWarmStart.Fit(layers, Rows(), s_classes, new() { Recipe = null! }));
        bad("recipe of no parts", "parts", _ => FeatureRecipe.Split("none"));

        absent("automatic, no layers", "layers", _ => AutomaticInitializer.Fit(null!, Rows(), s_classes));
        absent("automatic, no rows", "rows", _ => AutomaticInitializer.Fit(layers, null!, s_classes));
        absent("automatic, no targets", "targets", _ => AutomaticInitializer.Fit(layers, Rows(), null!));
        absent("automatic, no network", "network", _ => AutomaticInitializer.Apply(null!, s_classes));
        absent("automatic, no candidates", "Candidates", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { Candidates = null! }));
        bad("automatic, empty candidates", "Candidates", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { Candidates = [] }));
        bad("automatic, two of one name", "Candidates", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { Candidates = [FeatureRecipe.Mixed, FeatureRecipe.Mixed] }));
        absent("automatic, no specialists", "Specialists", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { Specialists = null! }));
        range("automatic, share above one", "Worthwhile", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { Worthwhile = 2 }));
        range("automatic, less than no error", "StandardErrors", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { StandardErrors = -1 }));
        range("automatic, errors no number", "StandardErrors", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { StandardErrors = double.NaN }));
        range("automatic, too few rows to choose", "MinRows", _ => AutomaticInitializer.Fit(layers, Rows(), s_classes, new() { MinRows = 1 }));
        bad("automatic, no number", "rows", _ => AutomaticInitializer.Fit(layers, NaNRows(), s_classes));
        foreach (FeatureRecipe recipe in (FeatureRecipe[])[FeatureRecipe.Mixed with { CovarianceShare = 7 }, FeatureRecipe.Isotropic with { IsotropicShare = double.NaN }, FeatureRecipe.Split("two", FeatureRecipe.Covariance, FeatureRecipe.Focused with { Exponent = -1 })])
        {
            range($"warm start, {recipe.Name} of {recipe.CovarianceShare} and {recipe.IsotropicShare}", "Recipe", _ => SpectralWarmStart.Fit(DenseLayer.Stack([2, 3, 2], LayerActivation.Relu), Rows(), s_classes, new() { Recipe = recipe }));
            range($"automatic, {recipe.Name} of {recipe.CovarianceShare} and {recipe.IsotropicShare}", "Candidates", _ => AutomaticInitializer.Fit(DenseLayer.Stack([2, 3, 2], LayerActivation.Relu), Rows(), s_classes, new() { Candidates = [recipe] }));
        }

        range("readout, no norm", "MaxNorm", _ => RidgeReadout.Fit(Rows(), s_classes, new() { MaxNorm = 0 }));
        range("dense layer, no inputs", "inputs", _ => new DenseLayer(0, 2, LayerActivation.Relu));
        range("dense layer, undefined activation", "activation", _ => new DenseLayer(1, 2, (LayerActivation)99));
        bad("stack, one size", "sizes", _ => DenseLayer.Stack([3], LayerActivation.Relu));

        absent("unit variance, no network", "network", _ => LayerSequentialUnitVariance.Apply(null!));
        range("unit variance, no variance", "TargetVariance", _ => LayerSequentialUnitVariance.Apply(Made(Rows()), new() { TargetVariance = 0 }));
        range("unit variance, no rounds", "MaxIterations", _ => LayerSequentialUnitVariance.Apply(Made(Rows()), new() { MaxIterations = 0 }));
        range("unit variance, one row", "MaxRows", _ => LayerSequentialUnitVariance.Apply(Made(Rows()), new() { MaxRows = 1 }));
        bad("unit variance, no number arrives", "network", _ => LayerSequentialUnitVariance.Apply(Made(NaNRows())));
        bad("unit variance, rows of another width arrive", "network", _ => LayerSequentialUnitVariance.Apply(Narrow(OneRow())));
        bad("unit variance, no source arrives", "network", _ => LayerSequentialUnitVariance.Apply(Narrow(null!)));
        bad("layer by layer, rows of another width arrive", "network", _ => LayerwiseInitializer.Apply(Narrow(OneRow()), (_, _) => s_he));
        foreach ((string start, Action<INetwork> begin) in ((string, Action<INetwork>)[])[
            ("warm start", network => SpectralWarmStart.Apply(network, s_classes)), ("automatic", network => AutomaticInitializer.Apply(network, s_classes)),
            ("unit variance", network => LayerSequentialUnitVariance.Apply(network)), ("layer by layer", network => LayerwiseInitializer.Apply(network, (_, _) => s_he))])
            bad($"{start}, no shape", "network", _ => begin(new DelegateNetwork([(null!, LayerActivation.Relu), (s_layer, LayerActivation.Relu)], _ => Rows(), _ => ([], []), (_, _, _) => { })));
        bad("warm start, rows of another width arrive", "network", _ => SpectralWarmStart.Apply(Narrow(Rows()), s_classes));
        range("dense network, layer too large", "outputs", _ => new DenseNetwork(DenseLayer.Stack([2, 100_000, 100_000], LayerActivation.Relu), Rows()));
        bad("targets too large to square", "values", _ => Targets.Values([1e200, 1]));
        bad("targets too small to square", "values", _ => Targets.Values([1e-200, 0]));
        bad("class directions, labels that are no classes", "targets", _ => ClassDirections.Fit(Rows(), Targets.Classes([0, 1, 0, 1, 2_000_000_000])));
        bad("gradients, labels that are no classes", "targets", _ => GradientOuterProduct.Fit(Rows(), Targets.Classes([0, 1, 0, 1, 2_000_000_000])));
        bad("mosaic, size beyond an array", "rows", _ => new ImageMosaic("t", [1, 2], int.MaxValue, int.MaxValue));
        range("mosaic, zoom beyond an array", "zoom", _ => new ImageMosaic("t", new double[28 * 28], 28, 28, zoom: 1000));
        range("mosaic, zoom without end", "zoom", _ => new ImageMosaic("t", [1, 2], 1, 2, zoom: int.MaxValue));
        bad("unit variance, nothing arrives", "network", _ => LayerSequentialUnitVariance.Apply(Made(RowSource.From(Array.Empty<double>(), 2))));
        bad("unit variance, weights are no numbers", "network", w => LayerSequentialUnitVariance.Apply(new DelegateNetwork(
            [(WeightShape.Dense(2, 6), LayerActivation.Relu)], _ => Rows(), _ => (Enumerable.Repeat(double.NaN, 12).ToArray(), new double[6]), (_, weights, _) => weights.CopyTo(w, 0))));

        static DelegateNetwork Narrow(IRowSource rows) => new([(WeightShape.Dense(3, 2), LayerActivation.Relu)], _ => rows, _ => (new double[6], new double[2]), (_, _, _) => { });

        DenseNetwork Made(IRowSource rows)
        {
            DenseNetwork network = new(layers, rows);
            network.Write(0, [1.0, 2, 3, 4, 5, 6], [0.0, 0, 0]);
            return network;
        }
    }

    private static void Spectral(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        bad("spectrum, no number", "rows", _ => DataSpectrum.Fit(NaNRows()));
        bad("spectrum, one row", "rows", _ => DataSpectrum.Fit(OneRow()));
        range("spectrum, more components than features", "Components", _ => DataSpectrum.Fit(Rows(), new() { Components = 3 }));
        range("spectral power, no number", "power", _ => new SpectralPowerInitializer(s_spectrum, double.NaN));
        absent("spectral power, no spectrum", "spectrum", _ => new SpectralPowerInitializer(null!, 1));
        range("spectral power, no variance", "TargetVariance", _ => new SpectralPowerInitializer(s_spectrum, 1, new() { TargetVariance = 0 }));
        bad("spectral power, other features", "shape", w => new SpectralPowerInitializer(s_spectrum, 1).Initialize<double>(w, s_layer, 1));

        bad("scores, half a row", "rows", w => s_spectrum.Transform([1, 2, 3], w));
        bad("scores, destination too long", "destination", w => s_spectrum.Transform([1, 2], w));
        range("eigenvector beyond the last", "i", _ => s_spectrum.Components.Vector(s_spectrum.Components.Count));
        range("eigenvector before the first", "i", _ => s_spectrum.Components.Vector(-1));
        range("left vector beyond the last", "i", _ => SingularValueDecomposition.Decompose(s_square, 2, 2).LeftVector(2));
        range("right vector before the first", "i", _ => SingularValueDecomposition.Decompose(s_square, 2, 2).RightVector(-1));
        absent("whitening, no rows", "rows", _ => Whitening.Fit((IRowSource)null!));
        absent("whitening, no covariance", "covariance", _ => Whitening.Fit((CovarianceEstimate)null!));
        absent("whitening, no spectrum", "spectrum", _ => Whitening.Fit((DataSpectrum)null!));
        bad("whitening, no number", "rows", _ => Whitening.Fit(NaNRows()));
        bad("Cholesky whitening, no number", "rows", _ => Whitening.Fit(NaNRows(), new() { Kind = WhiteningKind.Cholesky }));
        bad("whitening, one row", "rows", _ => Whitening.Fit(OneRow()));
        bad("Cholesky whitening, one row", "rows", _ => Whitening.Fit(OneRow(), new() { Kind = WhiteningKind.Cholesky }));
        range("Cholesky whitening of a spectrum", "Kind", _ => Whitening.Fit(s_spectrum, new() { Kind = WhiteningKind.Cholesky }));
        bad("Cholesky whitening without full rank", "covariance", _ => Whitening.Fit(Covariance.Of([1.0, 1, 2, 2, 3, 3], 2), new() { Kind = WhiteningKind.Cholesky }));
        range("whitening, undefined kind", "Kind", _ => Whitening.Fit(s_spectrum, new() { Kind = (WhiteningKind)9 }));
        range("whitening, negative regularization", "Regularization", _ => Whitening.Fit(s_spectrum, new() { Regularization = -1 }));
        bad("whitening transform, half a row", "rows", w => Whitening.Fit(s_spectrum).Transform([1, 2, 3], w));
        bad("whitening transform, destination too long", "destination", w => Whitening.Fit(s_spectrum).Transform([1, 2], w));
        absent("whitening initializer, no whitening", "whitening", _ => new WhiteningInitializer(null!));
        bad("whitening initializer, other features", "shape", w => new WhiteningInitializer(Whitening.Fit(s_spectrum)).Initialize<double>(w, s_layer, 1));
        bad("whitening initializer, wrong length", "weights", w => new WhiteningInitializer(Whitening.Fit(s_spectrum)).Initialize<double>(w, WeightShape.Dense(2, 2), 1));

        absent("clusters, no rows", "rows", _ => SphericalKMeans.Fit(null!));
        bad("clusters, no number", "rows", _ => SphericalKMeans.Fit(NaNRows(), new() { Clusters = 2 }));
        bad("clusters, no number outside the sample", "rows", _ => SphericalKMeans.Fit(NaNRows(), new() { Clusters = 1, SampleRows = 1, Seed = 3 }));
        bad("clusters, more than rows", "rows", _ => SphericalKMeans.Fit(Rows(), new() { Clusters = 6 }));
        range("patches, no height", "Height", _ => new PatchSource(Rows(), new() { Height = 0, Width = 2, PatchHeight = 1, PatchWidth = 1 }));
        range("patches, negative padding", "Padding", _ => new PatchSource(Rows(), new() { Height = 1, Width = 2, PatchHeight = 1, PatchWidth = 1, Padding = -1 }));
        range("patches, groups that do not divide", "Groups", _ => new PatchSource(Rows(), new() { Height = 1, Width = 1, Channels = 2, PatchHeight = 1, PatchWidth = 1, Groups = 3 }));
        bad("patches, more than an array holds", "options", _ => new PatchSource(Rows(), new() { Height = 1, Width = 2, PatchHeight = 1, PatchWidth = 1, Padding = 1_000_000 }));
        bad("patches, padding without end", "options", _ => new PatchSource(Rows(), new() { Height = 1, Width = 2, PatchHeight = 1, PatchWidth = 1, Padding = int.MaxValue }));
        bad("convolution, input without end", "geometry", _ => new ConvolutionOperator(new double[9], WeightShape.Convolution(1, 1, [3, 3]), new(100_000, 100_000)));
        bad("convolution, input without end, long stride", "geometry", _ => new ConvolutionOperator(new double[9], WeightShape.Convolution(1, 1, [3, 3]), new(100_000, 100_000) { Stride = 1000 }));
        bad("convolution, outputs without end", "geometry", _ => new ConvolutionOperator(new double[4000], WeightShape.Convolution(1, 4000, [1]), new(1_000_000)));
        range("principal components, no scaling", "Scaling", _ => new PrincipalComponentInitializer(s_spectrum, new() { Scaling = (ComponentScaling)9 }));
        range("spectral power, shrinkage above one", "Shrinkage", _ => new SpectralPowerInitializer(s_spectrum, 1, new() { Shrinkage = 2 }));
        range("spectrum, no memory", "MemoryBudget", _ => DataSpectrum.Fit(Rows(), new() { MemoryBudget = -1 }));
        range("warm start, undefined filters", "Filters", _ => SpectralWarmStart.Fit(DenseLayer.Stack([2, 2], LayerActivation.Relu), Rows(), s_classes, new() { Filters = (ConvolutionFilters)7 }));
        absent("kernel, none", "kernel", _ => WeightShape.Convolution(1, 1, (int[])null!));
        absent("geometry, no sizes", "inputSize", _ => new ConvolutionGeometry((int[])null!));
        absent("labels, none", "labels", _ => Targets.Classes((int[])null!));
        absent("targets, none", "values", _ => Targets.Values((double[])null!));
        absent("stack, no sizes", "sizes", _ => DenseLayer.Stack((int[])null!, LayerActivation.Relu));
        absent("adapter, no weights", "weights", _ => Pissa.Factor((double[])null!, 1, 1, 1));
        absent("dynamic modes, no series", "series", _ => DynamicModes.Fit((double[])null!, 1));
        bad("norms of weights with NaN", "weights", _ => SpectrallyNormalizedInitializer.Measure([1f, float.NaN], WeightShape.Dense(2, 1)));
        bad("norms of weights beyond double", "weights", _ => SpectrallyNormalizedInitializer.Measure([1.7e308, 1.7e308], WeightShape.Dense(2, 1)));
        bad("norms of too many weights", "weights", _ => SpectrallyNormalizedInitializer.Measure([1f, 1], WeightShape.Dense(1, 1)));
        bad("reshaped norm of a kernel with NaN", "kernel", _ => ConvolutionNorm.Reshaped([double.NaN], WeightShape.Convolution(1, 1, [1])));
        bad("reshaped norm of a kernel too long", "kernel", _ => ConvolutionNorm.Reshaped([1, 1], WeightShape.Convolution(1, 1, [1])));
        absent("norms of no weights", "weights", _ => SpectrallyNormalizedInitializer.Measure((float[])null!, WeightShape.Dense(1, 1)));
        range("clusters, none", "Clusters", _ => SphericalKMeans.Fit(Rows(), new() { Clusters = 0 }));
        absent("cluster initializer, no clusters", "clusters", _ => new SphericalKMeansInitializer(null!));
        range("cluster initializer, no gain", "gain", _ => new SphericalKMeansInitializer(SphericalKMeans.Fit(Rows(), new() { Clusters = 2 }), 0));
        bad("cluster initializer, more outputs than clusters", "shape", w => new SphericalKMeansInitializer(SphericalKMeans.Fit(Rows(), new() { Clusters = 2 })).Initialize<double>(w, WeightShape.Dense(2, 6), 1));

        CooccurrenceCounts counts = CooccurrenceCounts.Count("a b a c b a c a b b c".Split(' '), new() { MinCount = 1 });
        WordVectors vectors = WordVectors.Fit(counts, new() { Dimension = 2 });
        absent("co-occurrence, no tokens", "tokens", _ => CooccurrenceCounts.Count(null!));
        bad("co-occurrence, a token is null", "tokens", _ => CooccurrenceCounts.Count(["a", null!]));
        bad("co-occurrence, nothing frequent", "tokens", _ => CooccurrenceCounts.Count(["a", "b"]));
        range("co-occurrence, no window", "Window", _ => CooccurrenceCounts.Count(["a"], new() { Window = 0 }));
        absent("word vectors, no counts", "counts", _ => WordVectors.Fit(null!));
        range("word vectors, more dimensions than words", "Dimension", _ => WordVectors.Fit(counts, new() { Dimension = 4 }));
        bad("word vectors, unknown word", "word", _ => vectors.Nearest("zebra"));
        absent("embedding, no vectors", "vectors", _ => new EmbeddingInitializer(null!));
        bad("embedding, a token is null", "vocabulary", _ => new EmbeddingInitializer(vectors, ["a", null!]));
        bad("embedding, nothing known", "vocabulary", _ => new EmbeddingInitializer(vectors, ["x", "y"]));
        bad("embedding, unknown token refused", "vocabulary", _ => new EmbeddingInitializer(vectors, ["a", "y"], OutOfVocabulary.Throw));
        range("embedding, undefined policy", "unknown", _ => new EmbeddingInitializer(vectors, ["a"], (OutOfVocabulary)9));
        range("embedding, negative deviation", "standardDeviation", _ => new EmbeddingInitializer(vectors, standardDeviation: -1));
        bad("embedding, other vocabulary", "shape", w => new EmbeddingInitializer(vectors).Initialize<double>(w, WeightShape.Embedding(6, 2), 1));
        bad("embedding, dense shape", "shape", w => new EmbeddingInitializer(vectors).Initialize<double>(w, s_layer, 1));
    }

    private static void LowRank(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        double[] weights = [1, 2, 3, 4, 5, 6];
        MomentAccumulator activations = new(2);
        activations.Add(s_rows);
        bad("PiSSA, wrong length", "weights", _ => Pissa.Factor(weights, 2, 2, 1));
        bad("PiSSA, no number", "weights", _ => Pissa.Factor(WithNaN(weights), 3, 2, 1));
        range("PiSSA, no rows", "rows", _ => Pissa.Factor(weights, 0, 2, 1));
        range("PiSSA, no rank", "rank", _ => Pissa.Factor(weights, 3, 2, 0));
        range("PiSSA, rank too large", "rank", _ => Pissa.Factor(weights, 3, 2, 3));
        range("PiSSA, no scale", "scale", _ => Pissa.Factor(weights, 3, 2, 1, 0));
        bad("OLoRA, no number", "weights", _ => Olora.Factor(WithNaN(weights), 3, 2, 1));
        range("OLoRA, rank too large", "rank", _ => Olora.Factor(weights, 3, 2, 3));
        absent("EVA, no activations", "activations", _ => Eva.Factor(weights, 3, 2, 1, null!));
        bad("EVA, other features", "activations", _ => Eva.Factor(weights, 2, 3, 1, s_spectrum));
        range("EVA, too few components", "rank", _ => Eva.Factor(weights, 3, 2, 2, DataSpectrum.Fit(Rows(), new() { Components = 1 })));
        absent("EVA ranks, no layers", "activations", _ => Eva.DistributeRanks(null!, 1));
        absent("EVA ranks, a layer is null", "activations", _ => Eva.DistributeRanks([s_spectrum, null!], 1));
        range("EVA ranks, no rank", "rank", _ => Eva.DistributeRanks([s_spectrum], 0));
        range("EVA ranks, rho below one", "rho", _ => Eva.DistributeRanks([s_spectrum], 1, 0.5));
        absent("CorDA, no activations", "activations", _ => Corda.Factor(weights, 3, 2, 1, null!));
        bad("CorDA, other features", "activations", _ => Corda.Factor(weights, 2, 3, 1, activations));
        bad("CorDA, no rows yet", "activations", _ => Corda.Factor(weights, 3, 2, 1, new MomentAccumulator(2)));
        bad("CorDA, all activations zero", "activations", _ =>
        {
            MomentAccumulator zeros = new(2);
            zeros.Add(new double[4]);
            Corda.Factor(weights, 3, 2, 1, zeros);
        });
        range("CorDA, undefined mode", "mode", _ => Corda.Factor(weights, 3, 2, 1, activations, (CordaMode)9));
        absent("factorized layer, no initializer", "initializer", _ => FactorizedLayer.Create(null!, s_layer, 1, 1));
        absent("factorized layer, no shape", "shape", _ => FactorizedLayer.Create(s_he, null!, 1, 1));
        range("factorized layer, rank beyond an array", "rank", _ => FactorizedLayer.Create(s_he, s_layer, int.MaxValue, 1));
        range("factorized layer, no rank", "rank", _ => FactorizedLayer.Create(s_he, s_layer, 0, 1));
        bad("factorized layer, groups", "shape", _ => FactorizedLayer.Create(s_he, WeightShape.Convolution(4, 4, [3], groups: 2), 1, 1));
        bad("factorized layer, empty", "shape", _ => FactorizedLayer.Create(s_he, WeightShape.Dense(0, 4), 1, 1));
    }

    private static void Recurrent(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        bad("dynamic modes, half a step", "series", _ => DynamicModes.Fit(s_rows, 3));
        bad("dynamic modes, no number", "series", _ => DynamicModes.Fit(WithNaN(s_rows), 2));
        bad("dynamic modes, too short", "series", _ => DynamicModes.Fit(s_rows, 2, new() { Window = 4 }));
        range("dynamic modes, no features", "features", _ => DynamicModes.Fit(s_rows, 0));
        range("dynamic modes, no window", "Window", _ => DynamicModes.Fit(s_rows, 2, new() { Window = 0 }));
        range("dynamic modes, too many components", "Components", _ => DynamicModes.Fit(s_rows, 2, new() { Components = 3 }));
        range("dynamic modes, negative radius", "Radius", _ => DynamicModes.Fit(s_rows, 2, new() { Radius = -1 }));
        range("dynamic modes, ridge is no number", "Ridge", _ => DynamicModes.Fit(s_rows, 2, new() { Ridge = double.NaN }));
        bad("dynamic modes, windows beyond an array", "series", _ => DynamicModes.Fit(new double[300_000], 1, new() { Window = 100_000 }));
        foreach (double scale in new[] { 1e-200, 1e200 })
            bad($"dynamic modes, values of {scale} cannot be squared", "series", _ => DynamicModes.Fit([.. s_rows.Select(value => value * scale)], 2));
        range("gate bias, units beyond an array", "hidden", _ => GateBias.Lstm<float>(1_000_000_000));
        bad("dynamic modes, other inputs", "shape", w => DynamicModes.Fit(s_rows, 2).InputWeights.Initialize<double>(w, s_layer, 1));
        range("reservoir, negative radius", "radius", _ => new ReservoirInitializer(-1));
        range("reservoir, nothing connected", "connectivity", _ => new ReservoirInitializer(0.9, 0));
        range("reservoir, connectivity above one", "connectivity", _ => new ReservoirInitializer(0.9, 1.1));
        range("reservoir, negative units", "units", _ => new ReservoirInitializer().CreateSparse(-1));
        bad("reservoir, not square", "shape", w => new ReservoirInitializer().Initialize<double>(w, s_layer, 1));
        bad("gates, no initializer", "gates", _ => new PerGateInitializer());
        absent("gates, an initializer is null", "gates", _ => new PerGateInitializer(s_he, null!));
        bad("gates, other number", "shape", w => new PerGateInitializer(s_he, s_he).Initialize<double>(w, WeightShape.Recurrent(3, 1, gates: 4), 1));
    }

    private static void Operators(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        bad("power iteration, wrong length", "matrix", _ => PowerIteration.Run([1.0, 2, 3], 2));
        bad("power iteration, no number", "matrix", _ => PowerIteration.Run(WithNaN(s_square), 2));
        range("power iteration, negative dimension", "dimension", _ => PowerIteration.Run(Array.Empty<double>(), -1));
        absent("power iteration, no matrix", "matrix", _ => PowerIteration.Run((Matrix<double>)null!));
        absent("power iteration, no operator", "matrix", _ => PowerIteration.Run((ILinearOperator)null!));
        bad("power iteration, not square", "matrix", _ => PowerIteration.Run(Matrix<double>.Build.Dense(2, 3)));
        range("power iteration, no steps", "MaxIterations", _ => PowerIteration.Run(s_square, 2, new() { MaxIterations = 0 }));
        bad("power iteration, start of another length", "Start", _ => PowerIteration.Run(s_square, 2, new() { Start = [1] }));
        bad("power iteration, start is zero", "Start", _ => PowerIteration.Run(s_square, 2, new() { Start = [0, 0] }));
        bad("spectral radius, wrong length", "matrix", _ => SpectralRadius.Of([1.0, 2, 3], 2));
        bad("spectral radius, not square", "matrix", _ => SpectralRadius.Of(Matrix<double>.Build.Dense(2, 3)));
        bad("spectral radius, no number", "matrix", _ => SpectralRadius.Of(WithNaN(s_square), 2));
        bad("spectral norm, wrong length", "matrix", _ => SpectralNorm.Of(s_square, 2, 3));
        bad("spectral norm, no number", "matrix", _ => SpectralNorm.Of(WithNaN(s_square), 2, 2));
        bad("spectral norm, infinite float", "matrix", _ => SpectralNorm.Of([1f, float.PositiveInfinity], 1, 2));
        range("spectral norm, negative rows", "rows", _ => SpectralNorm.Of(Array.Empty<double>(), -1, 0));
        range("spectral norm, negative columns", "columns", _ => SpectralNorm.Of(Array.Empty<double>(), 0, -1));
        absent("spectral norm, no matrix", "matrix", _ => SpectralNorm.Of((Matrix<double>)null!));
        absent("spectral norm, no operator", "matrix", _ => SpectralNorm.Of((ILinearOperator)null!));
        range("spectral norm, no tolerance", "Tolerance", _ => SpectralNorm.Of(s_square, 2, 2, new() { Tolerance = 0 }));
        range("spectral norm, undefined method", "Method", _ => SpectralNorm.Of(s_square, 2, 2, new() { Method = (SpectralNormMethod)9 }));
        range("sparse, more rows than an array", "rows", _ => SparseMatrix.FromEntries(int.MaxValue, 3, []));
        bad("sparse, sum of entries is infinite", "entries", _ => SparseMatrix.FromEntries(1, 1, [(0, 0, 1e308), (0, 0, 1e308)]));
        bad("sparse, mapped to no number", "map", _ => SparseMatrix.FromEntries(2, 2, [(1, 1, 1.0)]).Map((_, _, _) => double.NaN));
        bad("dense operator, output over input", "y", w => new DenseOperator(s_square, 2, 2).ApplyTranspose(w.AsSpan(0, 2), w.AsSpan(1, 2)));
        bad("symmetric operator, output over input", "y", w => new SymmetricOperator(s_square, 2).Apply(w.AsSpan(0, 2), w.AsSpan(0, 2)));
        bad("sparse operator, output over input", "y", w => SparseMatrix.FromEntries(2, 2, [(1, 1, 1.0)]).Apply(w.AsSpan(1, 2), w.AsSpan(0, 2)));
        bad("convolution, output over input", "y", w => new ConvolutionOperator([1.0, 1, 1], WeightShape.Convolution(1, 1, [3]), new(4)).Apply(w.AsSpan(0, 4), w.AsSpan(0, 4)));
        bad("spectral norm, operator too large to write out", "matrix", _ => SpectralNorm.Of(new DelegateOperator(100_000, (x, y) => x.CopyTo(y)), new() { Method = SpectralNormMethod.Direct }));
        bad("spectral radius, operator too large to write out", "matrix", _ => SpectralRadius.Of(new DelegateOperator(100_000, (x, y) => x.CopyTo(y)), new() { Method = SpectralRadiusMethod.Direct }));
        bad("leading pairs, operator too large to write out", "symmetric", _ => SymmetricEigen.Leading(new DelegateOperator(50_000, (x, y) => x.CopyTo(y)), 20_000));
        bad("singular triples, operator too large to write out", "matrix", _ => TruncatedSvd.Decompose(new DelegateOperator(50_000, (x, y) => x.CopyTo(y)), 20_000));
        bad("singular values, wrong length", "matrix", _ => SingularValueDecomposition.Decompose(s_square, 2, 3));
        bad("singular values, no number", "matrix", _ => SingularValueDecomposition.Decompose(WithNaN(s_square), 2, 2));
    }

    private static void Files(Action<string, string, Action<double[]>> absent, Action<string, string, Action<double[]>> range, Action<string, string, Action<double[]>> bad)
    {
        absent("npy, no path", "path", _ => NpyFile.ReadRows(null!));
        absent("npy shape, no path", "path", _ => NpyFile.ReadShape(null!));
        range("npy, no columns", "columns", _ => NpyFile.ReadRows("absent.npy", columns: 0));
        range("npy, no scale", "scale", _ => NpyFile.ReadRows("absent.npy", scale: 0));
        absent("npy, nowhere to write", "path", _ => NpyFile.Write(null!, s_rows, 10));
        absent("npy, no values", "values", _ => NpyFile.Write("absent.npy", (float[])null!, 3));
        absent("safetensors, no values", "values", _ => NamedTensor.Create("a", (float[])null!, 3));
        bad("npy, shape of another size", "shape", _ => NpyFile.Write("absent.npy", s_rows, 3, 3));
        range("npy, negative axis", "shape", _ => NpyFile.Write("absent.npy", s_rows, -5, -2));
        absent("idx, no path", "path", _ => IdxFile.ReadRows(null!));
        absent("idx labels, no path", "path", _ => IdxFile.ReadLabels(null!));
        range("idx, scale is no number", "scale", _ => IdxFile.ReadRows("absent.idx", double.NaN));
    }
}
