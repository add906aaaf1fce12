using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The orthonormal vectors of <see cref="BlockKrylov"/> as rows, made in blocks, with the coefficients that their making yields.</summary>
internal sealed unsafe class KrylovBasis : IDisposable
{
    private const double Epsilon = 1.0 / (1L << 52);

    private readonly int _n;
    private readonly int _block;
    private readonly ulong _seed;
    private readonly Scratch<double> _vectors;
    private readonly Scratch<double> _coefficients;
    private ulong _stream;

    /// <param name="n">Length of the vectors.</param>
    /// <param name="block">Vectors of a block.</param>
    /// <param name="limit">The most vectors, but for the two blocks in the making.</param>
    /// <param name="seed">Seed of the random vectors.</param>
    public KrylovBasis(int n, int block, int limit, ulong seed)
    {
        (_n, _block, _seed) = (n, block, seed);
        Coupling = new double[block * block];
        _vectors = Scratch.Rent<double>((long)(limit + (2 * block)) * n);
        _coefficients = Scratch.Rent<double>((long)(limit + block) * Math.Max(block, SkinnyProduct.Padded(limit)));
    }

    /// <summary>R of the last block made orthonormal, block × block: what it was is Rᵀ times what it is.</summary>
    public double[] Coupling { get; }

    /// <summary>What the last <see cref="Subtract"/> took out, a block to a row.</summary>
    public double* Coefficients => _coefficients.Pointer;

    /// <summary>Vector i.</summary>
    public Span<double> this[int i] => new(Row(i), _n);

    public double* Row(int i) => _vectors.Pointer + ((nint)i * _n);

    /// <summary>Takes the components along basis rows from … to−1 out of <paramref name="count"/> rows; leaves them in the coefficients.</summary>
    public void Subtract(int row, int from, int to, int count)
    {
        SkinnyProduct.Dots(count, Row(row), _n, to - from, Row(from), _n, _n, _coefficients.Pointer, 1, _block);
        SkinnyProduct.Accumulate(count, _n, to - from, -1, _coefficients.Pointer, _block, Row(from), _n, Row(row), _n);
    }

    /// <summary>Gram–Schmidt within the block, twice; rows that vanish are refilled at random and rows that shrank much are projected again.</summary>
    /// <param name="first">First row of the block.</param>
    /// <param name="before">The norms of its rows before anything was taken out of them.</param>
    /// <param name="norm">The norm of the operator as far as it has shown.</param>
    /// <returns>How many rows were refilled.</returns>
    public int Orthonormalize(int first, ReadOnlySpan<double> before, double norm)
    {
        Array.Clear(Coupling);
        bool shrank = false;
        int refilled = 0;
        for (int q = 0; q < _block; q++)
        {
            Span<double> w = this[first + q];
            for (int round = 0; round < 2; round++)
            {
                for (int s = 0; s < q; s++)
                    Coupling[(s * _block) + q] += TakeOut(first + s, w);
            }

            double rest = TensorPrimitives.Norm<double>(w);
            if (rest <= 8 * Epsilon * Math.Sqrt(_n) * norm)
            {
                Refill(first + q);
                refilled++;
                continue;
            }

            Coupling[(q * _block) + q] = rest;
            TensorPrimitives.Divide(w, rest, w);
            shrank |= rest < 0.02 * before[q];
        }

        if (!shrank)
            return refilled;
        Subtract(first, 0, first, _block);
        for (int q = 0; q < _block; q++)
        {
            Span<double> w = this[first + q];
            for (int s = 0; s < q; s++)
                TakeOut(first + s, w);
            TensorPrimitives.Divide(w, TensorPrimitives.Norm<double>(w), w);
        }

        return refilled;
    }

    /// <summary>A row becomes a random unit vector orthogonal to all rows before it.</summary>
    public void Refill(int row)
    {
        Span<double> w = this[row];
        RandomFill.Normal(w, 0, 1, _seed, _stream++);
        TensorPrimitives.Divide(w, TensorPrimitives.Norm<double>(w), w);
        for (int round = 0; round < 3 && row > 0; round++)
        {
            Subtract(row, 0, row, 1);
            TensorPrimitives.Divide(w, TensorPrimitives.Norm<double>(w), w);
        }
    }

    /// <summary>target(i, ·) = Σ y_i[p]·V(p, ·) for the first <paramref name="count"/> vectors y_i.</summary>
    public void Combine(EigenPairs ritz, int count, double* target)
    {
        int size = ritz.Dimension, padded = SkinnyProduct.Padded(count);
        double* c = _coefficients.Pointer;
        for (int p = 0; p < size; p++)
        {
            for (int i = 0; i < padded; i++)
                c[((nint)p * padded) + i] = i < count ? ritz.Vectors[(i * size) + p] : 0;
        }

        SkinnyProduct.Accumulate(count, _n, size, 1, c, padded, Row(0), _n, target, _n);
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _coefficients.Dispose();
    }

    private double TakeOut(int row, Span<double> w)
    {
        double overlap = TensorPrimitives.Dot<double>(this[row], w);
        TensorPrimitives.MultiplyAdd(this[row], -overlap, w, w);
        return overlap;
    }
}
