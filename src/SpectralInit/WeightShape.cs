using System.Collections.Immutable;

namespace SpectralInit;

/// <summary>
/// Declares what a weight tensor is: kind, channels, kernel, groups and storage order. Fans are read off the declaration and are
/// the true ones, never guessed from axis positions.
/// </summary>
/// <remarks>
/// With K the product of the kernel sizes and g the groups, <c>FanIn = (inputs/g)·K</c> and <c>FanOut = (outputs/g)·K</c>.
/// PyTorch differs in two places: it reports fan_out = outputs·K for grouped and depthwise convolutions, and for transposed
/// convolutions its "fan_in" is what feeds <em>out</em>, (outputs/g)·K, because it reads the second axis of an [in, out/g, K] tensor.
/// Zero sizes are allowed and describe an empty tensor.
/// </remarks>
public sealed record WeightShape
{
    private WeightShape(WeightKind kind, int inputs, int outputs, int groups, int blocks, ImmutableArray<int> kernel, WeightLayout layout, string largest)
    {
        if (!Enum.IsDefined(layout))
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "Choose OutputsFirst ([out, in, …]: PyTorch, ONNX) or InputsFirst ([…, in, out]: Keras).");

        Kind = kind;
        Inputs = inputs;
        Outputs = outputs;
        Groups = groups;
        Blocks = blocks;
        Kernel = kernel;
        Layout = kind == WeightKind.Embedding ? WeightLayout.OutputsFirst : layout;
        KernelSize = Checked(kernel.Aggregate((Int128)1, (product, size) => Int128.Min(product * size, int.MaxValue + 1L)), nameof(kernel));
        Checked((Int128)(inputs / groups) * KernelSize, largest);
        Checked((Int128)(outputs / groups) * KernelSize, largest);
        Count = Checked((Int128)(inputs / groups) * outputs * KernelSize, largest);
    }

    /// <summary>What the tensor does.</summary>
    public WeightKind Kind { get; }

    /// <summary>Input units or channels; the vocabulary of an embedding.</summary>
    public int Inputs { get; }

    /// <summary>Output units or channels, all gates or packed parts together; the dimension of an embedding.</summary>
    public int Outputs { get; }

    /// <summary>Convolution groups; 1 elsewhere.</summary>
    public int Groups { get; }

    /// <summary>Equal blocks stacked along the outputs: gates of a recurrent cell, parts of a packed matrix; 1 elsewhere.</summary>
    public int Blocks { get; }

    /// <summary>Kernel sizes, one per spatial axis; empty where there is none.</summary>
    public ImmutableArray<int> Kernel { get; }

    /// <summary>Storage order.</summary>
    public WeightLayout Layout { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Product of the kernel sizes; 1 without a kernel.</summary>
    public int KernelSize { get; }

    /// <summary>Inputs that one output unit sums over. 1 for an embedding, whose lookup sums nothing.</summary>
    public int FanIn => Kind == WeightKind.Embedding ? 1 : Inputs / Groups * KernelSize;

    /// <summary>Output units of one block that one input feeds: a gate or a packed part counts as the matrix it is.</summary>
    public int FanOut => Outputs / Groups / Blocks * KernelSize;

    /// <summary>
    /// Rows of the flattened matrix: outputs (dense, convolution, recurrent, packed), inputs for a transposed convolution
    /// (its stored tensor is [in, out/g, K]), the vocabulary for an embedding.
    /// </summary>
    public int Rows => Kind is WeightKind.Embedding or WeightKind.TransposedConvolution ? Inputs : Outputs;

    /// <summary>Columns of the flattened matrix, <see cref="Count"/> ÷ <see cref="Rows"/>.</summary>
    public int Columns => Kind switch
    {
        WeightKind.Embedding => Outputs,
        WeightKind.TransposedConvolution => Outputs / Groups * KernelSize,
        _ => Inputs / Groups * KernelSize,
    };

    /// <summary>The tensor's axes in storage order, slowest first.</summary>
    public ImmutableArray<int> Dimensions
    {
        get
        {
            if (Kind == WeightKind.Embedding)
                return [Inputs, Outputs];

            (int first, int second) = Kind == WeightKind.TransposedConvolution ? (Inputs, Outputs / Groups) : (Outputs, Inputs / Groups);
            return Layout == WeightLayout.OutputsFirst ? [first, second, .. Kernel] : [.. Kernel, second, first];
        }
    }

    /// <summary>A dense layer y = W·x.</summary>
    /// <param name="inputs">Input units, ≥ 0.</param>
    /// <param name="outputs">Output units, ≥ 0.</param>
    /// <param name="layout">[out, in] (default) or [in, out].</param>
    /// <exception cref="ArgumentException">A size is out of its range, channels are not divisible by the groups, the tensor exceeds one array, or the layout is undefined.</exception>
    public static WeightShape Dense(int inputs, int outputs, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        return new(WeightKind.Dense, inputs, outputs, 1, 1, [], layout, nameof(outputs));
    }

    /// <summary>A convolution over one to three spatial axes.</summary>
    /// <param name="inChannels">Input channels, divisible by <paramref name="groups"/>.</param>
    /// <param name="outChannels">Output channels, divisible by <paramref name="groups"/>.</param>
    /// <param name="kernel">One to three kernel sizes, each ≥ 1.</param>
    /// <param name="groups">Groups, ≥ 1.</param>
    /// <param name="layout">[out, in/g, k…] (default) or [k…, in/g, out].</param>
    /// <inheritdoc cref="Dense" path="/exception"/>
    public static WeightShape Convolution(int inChannels, int outChannels, ReadOnlySpan<int> kernel, int groups = 1, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        CheckChannels(inChannels, outChannels, groups);
        return new(WeightKind.Convolution, inChannels, outChannels, groups, 1, CheckedKernel(kernel), layout, nameof(outChannels));
    }

    /// <inheritdoc cref="Convolution(int, int, ReadOnlySpan{int}, int, WeightLayout)"/>
    public static WeightShape Convolution(int inChannels, int outChannels, int[] kernel, int groups = 1, WeightLayout layout = WeightLayout.OutputsFirst) =>
        Convolution(inChannels, outChannels, Checked(kernel), groups, layout);

    /// <summary>A transposed convolution; its tensor is stored [in, out/g, k…] (PyTorch) or [k…, out/g, in] (Keras).</summary>
    /// <inheritdoc cref="Convolution(int, int, ReadOnlySpan{int}, int, WeightLayout)" path="/param"/>
    /// <inheritdoc cref="Dense" path="/exception"/>
    public static WeightShape TransposedConvolution(int inChannels, int outChannels, ReadOnlySpan<int> kernel, int groups = 1, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        CheckChannels(inChannels, outChannels, groups);
        return new(WeightKind.TransposedConvolution, inChannels, outChannels, groups, 1, CheckedKernel(kernel), layout, nameof(outChannels));
    }

    /// <inheritdoc cref="TransposedConvolution(int, int, ReadOnlySpan{int}, int, WeightLayout)"/>
    public static WeightShape TransposedConvolution(int inChannels, int outChannels, int[] kernel, int groups = 1, WeightLayout layout = WeightLayout.OutputsFirst) =>
        TransposedConvolution(inChannels, outChannels, Checked(kernel), groups, layout);

    /// <summary>A depthwise convolution: each channel has its own <paramref name="multiplier"/> filters, so FanIn = K and FanOut = multiplier·K.</summary>
    /// <param name="channels">Input channels, ≥ 0.</param>
    /// <param name="kernel">One to three kernel sizes, each ≥ 1.</param>
    /// <param name="multiplier">Output channels per input channel, ≥ 1.</param>
    /// <param name="layout">[channels·multiplier, 1, k…] (default) or [k…, 1, channels·multiplier].</param>
    /// <inheritdoc cref="Dense" path="/exception"/>
    public static WeightShape Depthwise(int channels, ReadOnlySpan<int> kernel, int multiplier = 1, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        int outputs = Product(nameof(multiplier), channels, multiplier);
        return new(WeightKind.Depthwise, channels, outputs, Math.Max(1, channels), 1, CheckedKernel(kernel), layout, nameof(channels));
    }

    /// <inheritdoc cref="Depthwise(int, ReadOnlySpan{int}, int, WeightLayout)"/>
    public static WeightShape Depthwise(int channels, int[] kernel, int multiplier = 1, WeightLayout layout = WeightLayout.OutputsFirst) =>
        Depthwise(channels, Checked(kernel), multiplier, layout);

    /// <summary>An embedding table, [vocabulary, dimension] in either layout. FanIn is 1 (a lookup sums nothing), FanOut the dimension.</summary>
    /// <remarks>
    /// The formulas of He, LeCun and Xavier were derived for sums of many inputs; with a fan-in of 1, He gives deviation √2, the worst table measured (docs/evidence.md, embeddings).
    /// Draw a random table by <c>new NormalInitializer(0, 0.1)</c>, or as a framework does: N(0, 1) in PyTorch, U(−0.05, 0.05) in Keras.
    /// </remarks>
    /// <param name="vocabulary">Rows, ≥ 0.</param>
    /// <param name="dimension">Columns, ≥ 0.</param>
    /// <inheritdoc cref="Dense" path="/exception"/>
    public static WeightShape Embedding(int vocabulary, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(vocabulary);
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        return new(WeightKind.Embedding, vocabulary, dimension, 1, 1, [], WeightLayout.OutputsFirst, nameof(dimension));
    }

    /// <summary>Recurrent weights [gates·hidden, inputs]; each gate is a hidden × inputs matrix with its own fans. For hidden-to-hidden weights pass inputs = hidden.</summary>
    /// <param name="inputs">Units that feed the gates, ≥ 0.</param>
    /// <param name="hidden">Hidden units, ≥ 0.</param>
    /// <param name="gates">1 plain, 3 GRU, 4 LSTM; ≥ 1.</param>
    /// <param name="layout">[gates·hidden, inputs] (default) or [inputs, gates·hidden].</param>
    /// <inheritdoc cref="Dense" path="/exception"/>
    public static WeightShape Recurrent(int inputs, int hidden, int gates = 1, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(hidden);
        ArgumentOutOfRangeException.ThrowIfLessThan(gates, 1);
        return new(WeightKind.Recurrent, inputs, Product(nameof(hidden), hidden, gates), 1, gates, [], layout, nameof(hidden));
    }

    /// <summary>Equal dense matrices stacked along the outputs, such as query, key and value; fans are those of one part.</summary>
    /// <param name="inputs">Input units, ≥ 0.</param>
    /// <param name="outputs">Output units of one part, ≥ 0.</param>
    /// <param name="parts">Parts, ≥ 1 (3 for query, key, value).</param>
    /// <param name="layout">[parts·outputs, inputs] (default) or [inputs, parts·outputs].</param>
    /// <inheritdoc cref="Dense" path="/exception"/>
    public static WeightShape Packed(int inputs, int outputs, int parts = 3, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        return new(WeightKind.Packed, inputs, Product(nameof(outputs), outputs, parts), 1, parts, [], layout, nameof(outputs));
    }

    /// <summary>The same tensor in another storage order; an embedding has only one.</summary>
    /// <param name="layout">The storage order.</param>
    public WeightShape With(WeightLayout layout) => new(Kind, Inputs, Outputs, Groups, Blocks, Kernel, layout, nameof(layout));

    /// <inheritdoc/>
    public bool Equals(WeightShape? other) =>
        other is not null && Kind == other.Kind && Inputs == other.Inputs && Outputs == other.Outputs && Groups == other.Groups
        && Blocks == other.Blocks && Layout == other.Layout && Kernel.AsSpan().SequenceEqual(other.Kernel.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Inputs, Outputs, Groups, Blocks, Layout, Kernel.Length, KernelSize);

    /// <summary>Explains the shape, for example <c>Convolution [64, 3, 7, 7] OutputsFirst: fan_in 147, fan_out 3136, 64 × 147</c>.</summary>
    public override string ToString()
    {
        string groups = Groups > 1 ? $", {Groups} groups" : Blocks > 1 ? $", {Blocks} blocks" : "";
        return $"{Kind} [{string.Join(", ", Dimensions)}] {Layout}{groups}: fan_in {FanIn}, fan_out {FanOut}, {Rows} × {Columns}";
    }

    private static void CheckChannels(int inChannels, int outChannels, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegative(outChannels);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (inChannels % groups != 0)
            throw new ArgumentException($"{inChannels} input channels do not divide into {groups} groups.", nameof(inChannels));
        if (outChannels % groups != 0)
            throw new ArgumentException($"{outChannels} output channels do not divide into {groups} groups.", nameof(outChannels));
    }

    private static ReadOnlySpan<int> Checked(int[] kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return kernel;
    }

    private static ImmutableArray<int> CheckedKernel(ReadOnlySpan<int> kernel)
    {
        if (kernel.Length is < 1 or > 3)
            throw new ArgumentException($"A kernel has one to three sizes, not {kernel.Length}.", nameof(kernel));
        foreach (int size in kernel)
        {
            if (size < 1)
                throw new ArgumentOutOfRangeException(nameof(kernel), size, "Every kernel size must be at least 1.");
        }

        return [.. kernel];
    }

    private static int Product(string parameter, int a, int b)
    {
        long product = (long)a * b;
        return product <= int.MaxValue
            ? (int)product
            : throw new ArgumentOutOfRangeException(parameter, a, $"{a} × {b} exceeds {int.MaxValue} outputs.");
    }

    private static int Checked(Int128 size, string parameter) => size <= Array.MaxLength
        ? (int)size
        : throw new ArgumentOutOfRangeException(parameter, $"The tensor, or one unit of it, would have {size} elements; one span holds at most {Array.MaxLength}. Initialize it in parts.");
}
