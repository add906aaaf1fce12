using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// Which first layer will learn best: the error of rows that neither its directions nor its training saw, where training is regression with the <see cref="TangentKernel"/>. The
/// rows are left out in folds; whatever has seen the labels is judged after it was trained on the same labels, as in earnest.
/// </summary>
internal sealed class TrainedErrors
{
    private const int MaxRows = 300;
    private const int FewRows = 150;
    private readonly (FeatureDirections Directions, double[] Rows, double[] Products, double[] Targets, int Fitted)[] _folds;
    private readonly DenseLayer[] _hidden;
    private readonly int _outputs, _count;
    private readonly double _variation;
    private readonly ulong _seed;

    /// <param name="sample">The rows that arrive at the first layer; at most 300 are judged by.</param>
    /// <param name="hidden">The hidden layers; the first two count.</param>
    /// <param name="seed">The seed of the folds and of the draws.</param>
    public TrainedErrors(RowSample sample, IEnumerable<DenseLayer> hidden, ulong seed)
    {
        _hidden = [.. hidden.Take(2)];
        _outputs = sample.Outputs;
        _seed = seed;
        int[] sorted = sample.Sorted(MaxRows, Seeds.Derive(seed, nameof(TrainedErrors)));
        int n = _count = sorted.Length, folds = Math.Min(n, n > FewRows ? 3 : 5);
        RowSample all = Unit(sample.Subset(sorted));
        double[] centered = [.. all.TargetValues];
        RowMajor.Center(centered, n, _outputs);
        _variation = TensorPrimitives.SumOfSquares<double>(centered);
        _folds = [.. Enumerable.Range(0, folds).Select(fold =>
        {
            RowSample fitted = all.Subset([.. Enumerable.Range(0, n).Where(row => row % folds != fold)]), left = all.Subset([.. Enumerable.Range(0, n).Where(row => row % folds == fold)]);
            double[] rows = [.. fitted.Rows, .. left.Rows];
            return (new FeatureDirections(fitted), rows, TangentKernel.Gram(rows, n), (double[])[.. fitted.TargetValues, .. left.TargetValues], fitted.Count);
        })];
    }

    /// <summary>Squared errors of the rows left out, at the ridge of least error: they sum to the error relative to the variance of the targets.</summary>
    /// <param name="recipe">How the first layer is drawn; null for He, as is the second.</param>
    /// <param name="biasDeviation">As in the options.</param>
    public double[] Of(FeatureRecipe? recipe, double? biasDeviation)
    {
        double[][][] errors = new double[_folds.Length][][];
        Parallelism.Run(_folds.Length, fold =>
        {
            (FeatureDirections directions, double[] rows, double[] products, double[] targets, int fitted) = _folds[fold];
            ulong seed = Seeds.Derive(_seed, 0UL);
            DenseParameters first = recipe is null ? LayerStack.He(_hidden[0], seed) : FeatureLayer.Create(_hidden[0], directions, recipe, biasDeviation, seed);
            DenseParameters[] layers = [first, .. _hidden.Skip(1).Select(layer => LayerStack.He(layer, Seeds.Derive(_seed, 1UL)))];
            errors[fold] = TangentKernel.Errors(TangentKernel.Of(rows, products, _count, layers), _count, fitted, targets, _outputs);
        });
        double[][] path = [.. Enumerable.Range(0, TangentKernel.Ridges).Select(ridge => (double[])[.. errors.SelectMany(fold => fold[ridge])])];
        double[] best = path.MinBy(row => TensorPrimitives.Sum<double>(row))!;
        if (_variation > 0)
            TensorPrimitives.Divide(best, _variation, best);
        return best;
    }

    /// <summary>One factor makes the mean square of the features 1, as standardizing would: it decides how the kernel weighs its layers.</summary>
    private static RowSample Unit(RowSample sample)
    {
        double largest = sample.Rows.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<double>(sample.Rows));
        if (!(largest > 0))
            return sample;
        double[] rows = [.. sample.Rows];
        TensorPrimitives.Divide(rows, largest, rows);
        double size = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(rows) / rows.Length);
        TensorPrimitives.Divide(rows, size, rows);
        return sample.With(rows, sample.Dimension);
    }
}
