using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Joins two solved neighbours: with the eigenpairs of D + ρ·z·zᵀ, D = diag(D₁, D₂), the eigenvectors of the joined matrix are products
/// of two halves. z is recomputed from the roots found, so that the vectors are orthogonal however close the roots are (Gu, Eisenstat 1995).
/// </summary>
internal abstract unsafe class TearMerge
{
    /// <summary>Roots per part of parallel work.</summary>
    protected const int PartRoots = 32;

    /// <summary>Poles per part of parallel work: whole vectors.</summary>
    private const int PartPoles = 64;

    /// <summary>Padding for poles: its terms are zero, and not by way of subnormal numbers.</summary>
    private const double FarAway = 1e100;

    /// <param name="space">Shared memory.</param>
    /// <param name="start">First row.</param>
    /// <param name="middle">First row of the second half, a multiple of 8 after <paramref name="start"/>.</param>
    /// <param name="end">After the last row.</param>
    /// <param name="coupling">The off-diagonal entry that was torn.</param>
    protected TearMerge(in MergeSpace space, int start, int middle, int end, double coupling)
    {
        Space = space;
        Start = start;
        End = end;
        Middle = middle;
        Coupling = coupling;
    }

    public int Start { get; }

    public int Middle { get; }

    public int End { get; }

    public double Coupling { get; }

    public int Size => End - Start;

    /// <summary>The most iterations a root took; −1 when one did not converge.</summary>
    public int Iterations { get; private set; }

    protected MergeSpace Space { get; }

    /// <summary>Merges; of the rows only the <paramref name="wanted"/> with the largest values are formed, with 0 not even the settled ones.</summary>
    public void Run(int wanted)
    {
        int padded = Lane.Pad(Size) + Lane.Alignment;
        using Scratch<double> scratch = Scratch.Rent<double>((6L * padded) + (2 * Lane.Alignment));
        double* byRow = scratch.Pointer, z = byRow + padded, poles = z + padded, weights = poles + padded, revised = weights + padded, roots = revised + padded;
        double half = Math.Sqrt(0.5), rho = 2 * Math.Abs(Coupling);
        LoadVector(byRow, half, Math.CopySign(half, Coupling));
        Deflation deflation = new(this, Space);
        deflation.Run(rho, byRow, poles, z);

        int k = deflation.KeptCount;
        if (k > 0)
        {
            for (int i = 0; i < padded; i++)
            {
                weights[i] = i < k ? z[i] * z[i] : 0;
                poles[i] = i < k ? poles[i] : FarAway;
            }

            SecularEquation equation = new(poles, weights, k, rho, Masks(roots + padded), Space.RootIterations);
            if (!SolveRoots(equation, roots, k, wanted > 0))
            {
                Iterations = -1;
                return;
            }

            if (wanted > 0)
            {
                Parallelism.Run((k + PartPoles - 1) / PartPoles, part => Revise(poles, z, revised, k, part * PartPoles));
                FormRows(deflation, revised, Math.Max(0, k - wanted));
            }
        }

        Finish(deflation, roots);
    }

    /// <summary>z = Qᵀu/√2 by row, from the last entries of the vectors of the first block and the first entries of those of the second; ρ = 2|e|.</summary>
    protected abstract void LoadVector(double* z, double first, double second);

    /// <summary>(x, y) ← (c·x + s·y, c·y − s·x) on two rows.</summary>
    public abstract void Rotate(int x, int y, double cosine, double sine);

    /// <summary>Replaces the rows: those of the roots from <paramref name="skip"/> on by the new vectors, the rest by the settled ones.</summary>
    /// <param name="deflation">Which rows were kept and which are settled.</param>
    /// <param name="revised">ẑ, padded by zeros.</param>
    /// <param name="skip">Roots whose vectors are not wanted.</param>
    protected abstract void FormRows(Deflation deflation, double* revised, int skip);

    private static double* Masks(double* memory)
    {
        for (int i = 0; i < 2 * Lane.Alignment; i++)
            memory[i] = i < Lane.Alignment ? 1 : 0;
        return memory;
    }

    private bool SolveRoots(SecularEquation equation, double* roots, int k, bool differences)
    {
        int parts = (k + PartRoots - 1) / PartRoots;
        int[] most = new int[parts];
        Parallelism.Run(parts, part =>
        {
            for (int j = part * PartRoots; j < Math.Min((part + 1) * PartRoots, k); j++)
            {
                roots[j] = equation.Solve(j, differences ? Row(Space.Coefficients, j) : null, out int iterations);
                most[part] = Math.Max(most[part], double.IsNaN(roots[j]) ? int.MaxValue : iterations);
            }
        });
        Iterations = most.Max();
        return Iterations < int.MaxValue;
    }

    /// <summary>Row i of this problem in a matrix of all problems.</summary>
    protected double* Row(double* matrix, int i) => matrix + ((Start + i) * Space.Stride) + Start;

    private void Revise(double* poles, double* z, double* revised, int k, int first)
    {
        int end = Math.Min(first + PartPoles, Lane.Pad(k));
        switch (Lane.Width)
        {
            case 8: Revise<Lanes512<double>, Vector512<double>>(poles, revised, k, first, end); break;
            case 4: Revise<Lanes256<double>, Vector256<double>>(poles, revised, k, first, end); break;
            case 2: Revise<Lanes128<double>, Vector128<double>>(poles, revised, k, first, end); break;
            default: Revise<LanesScalar<double>, double>(poles, revised, k, first, end); break;
        }

        for (int i = first; i < end; i++)
            revised[i] = i < k ? Math.CopySign(Math.Sqrt(-revised[i]), z[i]) : 0;
    }

    /// <summary>ẑ_i² = −∏_j (d_i − λ_j) / ∏_{j≠i} (d_i − d_j), the z² whose roots are exactly the λ_j found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Revise<TLanes, TVector>(double* poles, double* revised, int k, int first, int end)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        for (int i = first; i < end; i++)
            revised[i] = 1;
        double* differences = Row(Space.Coefficients, 0);
        for (int j = 0; j < k; j++, differences += Space.Stride)
        {
            TVector pole = TLanes.Broadcast(poles[j]);
            int own = j & -TLanes.Count;
            for (int i = first; i < end; i += TLanes.Count)
            {
                if (i != own)
                {
                    TVector ratio = TLanes.Divide(TLanes.Load(differences + i), TLanes.Subtract(TLanes.Load(poles + i), pole));
                    TLanes.Store(revised + i, TLanes.Multiply(TLanes.Load(revised + i), ratio));
                    continue;
                }

                // The vector that holds pole j itself, whose factor has no denominator.
                for (int lane = i; lane < i + TLanes.Count; lane++)
                    revised[lane] *= lane == j ? differences[lane] : differences[lane] / (poles[lane] - poles[j]);
            }
        }
    }

    /// <summary>Puts the values of the settled rows behind the roots and merges the two ascending lists.</summary>
    private void Finish(Deflation deflation, double* roots)
    {
        int k = deflation.KeptCount, settled = deflation.SettledCount;
        Span<int> order = Space.Order.AsSpan(Start, Size);
        if (k == 0)
        {
            deflation.Settled.AsSpan(0, settled).CopyTo(order);
            return;
        }

        double[] values = new double[settled];
        for (int i = 0; i < settled; i++)
            values[i] = Space.Values[deflation.Settled[i]];
        for (int i = 0; i < Size; i++)
            Space.Values[Start + i] = i < k ? roots[i] : values[i - k];
        for (int i = 0, root = 0, other = 0; i < Size; i++)
            order[i] = Start + (other == settled || (root < k && roots[root] <= values[other]) ? root++ : k + other++);
    }
}
