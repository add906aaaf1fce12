namespace SpectralInit.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen, "A divide and conquer method for the symmetric
/// tridiagonal eigenproblem", Numer. Math. 36, 1981; Gu, Eisenstat, "A divide-and-conquer algorithm for the symmetric tridiagonal
/// eigenproblem", SIAM J. Matrix Anal. Appl. 16, 1995). T is torn into leaves, which QL solves, and pairs of neighbours are merged by
/// <see cref="TearMerge"/>: most of the work is matrix products.
/// </summary>
internal static unsafe class DivideAndConquer
{
    /// <summary>Largest subproblem left to QL.</summary>
    public const int LeafSize = 32;

    /// <summary>From this size on a merge is itself run in parallel; smaller ones run side by side.</summary>
    private const int ParallelMerge = 400;

    /// <summary>Finds all eigenvalues and the vectors of the largest ones.</summary>
    /// <param name="diagonal">n values; on return the eigenvalues of the rows of <paramref name="rows"/>.</param>
    /// <param name="offDiagonal">n−1 values; kept.</param>
    /// <param name="n">Dimension ≥ 1.</param>
    /// <param name="wanted">Vectors wanted, for the largest values.</param>
    /// <param name="rows">Padded n rows: on return eigenvectors of T as rows, except those not wanted.</param>
    /// <param name="stride">Elements between rows, here and in the workspaces.</param>
    /// <param name="first">Workspace like <paramref name="rows"/>.</param>
    /// <param name="second">Workspace like <paramref name="rows"/>.</param>
    /// <param name="order">On return, rows by ascending eigenvalue.</param>
    /// <param name="rootIterations">Evaluations of the secular equation allowed per root.</param>
    /// <param name="cancellationToken">Looked at between merges.</param>
    /// <returns>The most iterations a root needed, or −1 when something did not converge.</returns>
    public static int Solve(
        double* diagonal, double* offDiagonal, int n, int wanted, double* rows, nint stride, double* first, double* second, int[] order, int rootIterations, CancellationToken cancellationToken)
    {
        MergeSpace space = new() { Values = diagonal, Rows = rows, Gathered = first, Coefficients = second, Stride = stride, Order = order, RootIterations = rootIterations };
        return Run(space, offDiagonal, n, wanted, cancellationToken);
    }

    /// <summary>
    /// Finds all eigenvalues and no vectors: of the vectors of a subproblem a merge needs but the first and the last entry, so that the
    /// whole takes O(n²) operations, and in parallel.
    /// </summary>
    /// <param name="diagonal">n values; on return the eigenvalues, unsorted.</param>
    /// <param name="offDiagonal">n−1 values; kept.</param>
    /// <param name="n">Dimension ≥ 1.</param>
    /// <param name="workspace">Padded n rows.</param>
    /// <param name="stride">Elements between rows of <paramref name="workspace"/>.</param>
    /// <param name="rootIterations">Evaluations of the secular equation allowed per root.</param>
    /// <param name="cancellationToken">Looked at between merges.</param>
    /// <param name="carried">n rows of <see cref="Lane.Alignment"/> values, multiplied from the left by the transposed eigenvectors; null for none.</param>
    /// <returns>The most iterations a root needed, or −1 when something did not converge.</returns>
    public static int Values(double* diagonal, double* offDiagonal, int n, double* workspace, nint stride, int rootIterations, CancellationToken cancellationToken, double* carried = null)
    {
        using Scratch<double> entries = Scratch.Rent<double>(2 * stride);
        MergeSpace space = new()
        {
            Values = diagonal,
            FirstEntries = entries.Pointer,
            LastEntries = entries.Pointer + stride,
            Carried = carried,
            Coefficients = workspace,
            Stride = stride,
            Order = new int[n],
            RootIterations = rootIterations,
        };
        return Run(space, offDiagonal, n, carried == null ? 0 : n, cancellationToken);
    }

    private static int Run(MergeSpace space, double* offDiagonal, int n, int wanted, CancellationToken cancellationToken)
    {
        List<(int Start, int End)> leaves = [];
        List<List<TearMerge>> levels = [];
        double* diagonal = space.Values;
        Split(0, n, 0);

        // Tearing: T = diag(T₁, T₂) + |ρ|·u·uᵀ with u = (…, 0, 1, ±1, 0, …).
        foreach (TearMerge merge in levels.SelectMany(level => level))
        {
            diagonal[merge.Middle - 1] -= Math.Abs(merge.Coupling);
            diagonal[merge.Middle] -= Math.Abs(merge.Coupling);
        }

        int failures = 0;
        Parallelism.Run(leaves.Count, leaf =>
        {
            if (!SolveLeaf(space, leaves[leaf].Start, leaves[leaf].End, offDiagonal))
                Interlocked.Increment(ref failures);
        });

        int iterations = 0;
        for (int level = levels.Count - 1; level >= 0 && failures == 0; level--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<TearMerge> merges = levels[level];
            int most = level == 0 ? wanted : n;
            if (merges.Count > 1 && merges[0].Size < ParallelMerge)
                Parallelism.Run(merges.Count, i => merges[i].Run(most));
            else
                merges.ForEach(merge => merge.Run(most));
            foreach (TearMerge merge in merges)
            {
                iterations = Math.Max(iterations, merge.Iterations);
                failures += merge.Iterations < 0 ? 1 : 0;
            }
        }

        return failures == 0 ? iterations : -1;

        void Split(int start, int end, int level)
        {
            if (end - start <= LeafSize)
            {
                leaves.Add((start, end));
                return;
            }

            // Whole vectors on both sides.
            int middle = start + Lane.Pad((end - start) / 2);
            if (levels.Count == level)
                levels.Add([]);
            double coupling = offDiagonal[middle - 1];
            levels[level].Add(space.Rows != null ? new VectorMerge(space, start, middle, end, coupling) : new EntryMerge(space, start, middle, end, coupling));
            Split(start, middle, level + 1);
            Split(middle, end, level + 1);
        }
    }

    private static bool SolveLeaf(in MergeSpace space, int start, int end, double* offDiagonal)
    {
        int size = end - start;
        double* work = stackalloc double[3 * LeafSize];
        double* couplings = work + (2 * LeafSize);
        for (int i = 0; i < size - 1; i++)
            couplings[i] = offDiagonal[start + i];
        bool solved = space.Rows != null ? SolveVectors(space, start, size, couplings, work) : SolveEntries(space, start, size, couplings, work);
        if (!solved)
            return false;

        Span<int> order = space.Order.AsSpan(start, size);
        for (int i = 0; i < size; i++)
        {
            // Insertion by value.
            int place = i;
            for (; place > 0 && space.Values[order[place - 1]] > space.Values[start + i]; place--)
                order[place] = order[place - 1];
            order[place] = start + i;
        }

        return true;
    }

    private static bool SolveVectors(in MergeSpace space, int start, int size, double* couplings, double* work)
    {
        double* corner = space.Rows + (start * space.Stride) + start;
        for (int i = 0; i < size; i++)
        {
            new Span<double>(space.Rows + ((start + i) * space.Stride), (int)space.Stride).Clear();
            corner[(i * space.Stride) + i] = 1;
        }

        return ImplicitQl.Diagonalize(space.Values + start, couplings, size, corner, space.Stride, Lane.Pad(size), work) >= 0;
    }

    private static bool SolveEntries(in MergeSpace space, int start, int size, double* couplings, double* work)
    {
        // The first and the last column of the identity, and of the vectors afterwards, beside what is carried.
        const int Stride = 2 * Lane.Alignment;
        using Scratch<double> ends = Scratch.RentCleared<double>(LeafSize * Stride);
        double* rows = ends.Pointer;
        int carried = space.CarriedWidth;
        rows[0] = 1;
        rows[((size - 1) * Stride) + 1] = 1;
        for (int i = 0; i < size; i++)
            space.CarriedRow(start + i).CopyTo(Beside(i));
        if (ImplicitQl.Diagonalize(space.Values + start, couplings, size, rows, Stride, Lane.Alignment + carried, work) < 0)
            return false;
        for (int i = 0; i < size; i++)
        {
            space.FirstEntries[start + i] = rows[i * Stride];
            space.LastEntries[start + i] = rows[(i * Stride) + 1];
            Beside(i).CopyTo(space.CarriedRow(start + i));
        }

        return true;

        Span<double> Beside(int i) => new(rows + (i * Stride) + Lane.Alignment, carried);
    }
}
