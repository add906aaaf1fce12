using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>T = V·A·Vᵀ, the projection of A onto a Krylov basis: the lower triangle, which grows by a row of blocks per step. The upper one is not stored.</summary>
internal sealed unsafe class KrylovProjection(int limit, int block) : IDisposable
{
    private readonly Scratch<double> _values = Scratch.Rent<double>((long)limit * limit);

    /// <summary>Row i; as many elements between rows as the basis may have vectors.</summary>
    public double* Row(int i) => _values.Pointer + ((nint)i * limit);

    /// <summary>The rows of the block at m, from what its image had along the basis from vector <paramref name="from"/> on: set, or what a second pass took away added.</summary>
    public void Record(double* coefficients, int m, int from, bool add)
    {
        double* c = coefficients + (add ? (nint)from * block : 0);
        for (int q = 0; !add && q < block; q++)
            new Span<double>(Row(m + q), m + block).Clear();
        for (int i = from; i < m + block; i++, c += block)
        {
            for (int q = Math.Max(0, i - m); q < block; q++)
            {
                // The diagonal block comes as computed, symmetric up to rounding: the average of its two halves.
                double value = c[q];
                if (i >= m)
                    value = (value + coefficients[((add ? m + q : m + q - from) * block) + (i - m)]) / 2;
                Row(m + q)[i] += value;
            }
        }
    }

    /// <summary>Begins again with a basis of eigenvectors of T.</summary>
    public void Begin(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            new Span<double>(Row(i), values.Length).Clear();
            Row(i)[i] = values[i];
        }
    }

    /// <summary>Its leading eigenpairs.</summary>
    public EigenPairs Solve(int size, int wanted)
    {
        double[] t = GC.AllocateUninitializedArray<double>(size * size);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
                t[(i * size) + j] = t[(j * size) + i] = Row(i)[j];
        }

        return SymmetricEigen.Decompose(t, size, wanted);
    }

    public void Dispose() => _values.Dispose();
}
