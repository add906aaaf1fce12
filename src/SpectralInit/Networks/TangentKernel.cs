using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// The tangent kernel of a network with a random readout: what gradient descent makes of it, to first order, is kernel regression with Θ(x, x′) = ⟨∂f(x), ∂f(x′)⟩ over all weights
/// (Jacot, Gabriel and Hongler, "Neural tangent kernel", NeurIPS 2018).
/// </summary>
/// <remarks>
/// With G_l the Gram matrix of the activations of layer l, G_0 that of the rows, and D_l that of the activations' derivatives, Θ = G_L + 1 + T_L,
/// T_l = (T_{l−1} + G_{l−1} + 1) ∘ v_l·D_l/h_l: hidden layers as they are, the weights that lead back to them averaged over He's (v = 2) and the readout's (v = 1) draws.
/// </remarks>
internal static class TangentKernel
{
    /// <summary>Ridges tried, relative to the mean diagonal: early and late stopping.</summary>
    private static readonly double[] s_ridges = [1e-4, 1e-3, 1e-2, 0.1, 1, 10];

    /// <summary>The number of ridges.</summary>
    public static int Ridges => s_ridges.Length;

    /// <summary>Θ for n rows, n×n.</summary>
    /// <param name="rows">n×d.</param>
    /// <param name="products">G_0, their inner products, n×n.</param>
    /// <param name="n">Rows.</param>
    /// <param name="hidden">The hidden layers.</param>
    public static double[] Of(ReadOnlySpan<double> rows, double[] products, int n, IReadOnlyList<DenseParameters> hidden)
    {
        double[] activations = [.. rows], kernel = new double[n * n], gram = [.. products];
        int width;
        for (int l = 0; l < hidden.Count; l++)
        {
            DenseParameters layer = hidden[l];
            TensorPrimitives.Add(kernel, gram, kernel);
            TensorPrimitives.Add(kernel, 1, kernel);
            width = layer.Layer.Outputs;
            double[] pre = layer.Room(n);
            layer.PreActivations(activations, n, pre);
            Gram(Slopes(layer.Layer.Activation, pre), n, width, gram);
            TensorPrimitives.Multiply(kernel, gram, kernel);
            TensorPrimitives.Multiply(kernel, (l + 1 < hidden.Count ? 2.0 : 1.0) / width, kernel);
            layer.Layer.Activation.Apply(pre);
            activations = pre;
            Gram(activations, n, width, gram);
        }

        TensorPrimitives.Add(kernel, gram, kernel);
        TensorPrimitives.Add(kernel, 1, kernel);
        return kernel;
    }

    /// <summary>Squared errors of kernel ridge regression on the rows from <paramref name="fitted"/> on, after a fit to those before: one per row and ridge, [ridge][row].</summary>
    public static double[][] Errors(double[] kernel, int n, int fitted, double[] targets, int outputs)
    {
        int m = fitted, t = n - fitted, c = outputs;
        double[] wanted = [.. targets.AsSpan(0, m * c)], mean = RowMajor.Center(wanted, m, c), system = new double[m * m], cross = new double[t * m];
        double diagonal = 0;
        for (int i = 0; i < m; i++)
        {
            kernel.AsSpan(i * n, m).CopyTo(system.AsSpan(i * m));
            diagonal += kernel[(i * n) + i] / m;
        }

        for (int i = 0; i < t; i++)
            kernel.AsSpan((m + i) * n, m).CopyTo(cross.AsSpan(i * m));

        // One decomposition serves every ridge: f = K_t·V(Λ + λI)⁻¹Vᵀ·y. From a kernel of zeros it predicts the mean.
        EigenPairs pairs = SymmetricEigen.Decompose(system, m);
        double[] seen = new double[m * c], reach = new double[t * m], damped = new double[m * c], predicted = new double[t * c];
        RowMajor.Multiply(pairs.Vectors, wanted, seen, m, c, m);
        RowMajor.MultiplyTransposed(cross, pairs.Vectors, reach, t, m, m);
        double[][] errors = new double[Ridges][];
        for (int ridge = 0; ridge < Ridges; ridge++)
        {
            for (int i = 0; i < m * c; i++)
            {
                double level = Math.Max(0, pairs.Values[i / c]) + (s_ridges[ridge] * diagonal);
                damped[i] = level > 0 ? seen[i] / level : 0;
            }

            RowMajor.Multiply(reach, damped, predicted, t, c, m);
            errors[ridge] = new double[t];
            for (int i = 0; i < t; i++)
            {
                for (int j = 0; j < c; j++)
                {
                    double gap = targets[((m + i) * c) + j] - mean[j] - predicted[(i * c) + j];
                    errors[ridge][i] += gap * gap;
                }
            }
        }

        return errors;
    }

    /// <summary>Inner products of n rows, n×n.</summary>
    public static double[] Gram(ReadOnlySpan<double> rows, int n)
    {
        double[] gram = new double[n * n];
        Gram(rows, n, n == 0 ? 0 : rows.Length / n, gram);
        return gram;
    }

    /// <summary>Derivatives of an activation, by a central difference.</summary>
    private static double[] Slopes(LayerActivation activation, double[] pre)
    {
        const double Step = 1e-5;
        double[] above = new double[pre.Length], below = new double[pre.Length];
        TensorPrimitives.Add(pre, Step, above);
        TensorPrimitives.Subtract(pre, Step, below);
        activation.Apply(above);
        activation.Apply(below);
        TensorPrimitives.Subtract(above, below, above);
        TensorPrimitives.Multiply(above, 0.5 / Step, above);
        return above;
    }

    private static void Gram(ReadOnlySpan<double> rows, int n, int width, double[] gram) => RowMajor.MultiplyTransposed(rows, rows, gram, n, n, width);
}
