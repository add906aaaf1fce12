using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// The channel matrices Ŵ(ω) = Σ W_tap·e^(−iω·tap) of a circular convolution, one line of frequencies (all axes but the last fixed) at a time: sums over the taps of the leading axes,
/// then along the last axis a fast Fourier transform, or the sum over its taps where they are fewer than the factors of the size.
/// </summary>
internal sealed class ChannelMatrices
{
    private const int FewFrequencies = 32;
    private const long MostTransformed = 1 << 23;

    // [group, tap, longer side, shorter side]: the transposed matrix has the same norm.
    private readonly double[] _taps;
    private readonly int[] _size;
    private readonly int[] _kernel;
    private readonly int _dilation;
    private readonly int _entries;
    private readonly FourierTransform? _transform;

    public ChannelMatrices(double[] kernel, WeightShape shape, ConvolutionGeometry geometry)
    {
        int outputs = shape.Outputs / shape.Groups, inputs = shape.Inputs / shape.Groups, taps = shape.KernelSize;
        (_size, _kernel, _dilation, Groups) = ([.. geometry.InputSize], [.. shape.Kernel], geometry.Dilation, shape.Groups);
        (Longer, Shorter) = (Math.Max(outputs, inputs), Math.Min(outputs, inputs));
        _entries = outputs * inputs;
        _taps = new double[kernel.Length];
        for (int i = 0; i < kernel.Length; i++)
        {
            int tap = i % taps, input = i / taps % inputs, output = i / taps / inputs % outputs, group = i / taps / inputs / outputs;
            _taps[(((group * taps) + tap) * _entries) + (outputs >= inputs ? (output * inputs) + input : (input * outputs) + output)] = kernel[i];
        }

        Lines = _size[..^1].Aggregate(1, (product, n) => checked(product * n));
        if (_kernel[^1] > FourierTransform.CostPerValue(Across) && (long)_entries * Across <= MostTransformed)
            _transform = new(Across);
    }

    public int Groups { get; }

    public int Longer { get; }

    public int Shorter { get; }

    /// <summary>Frequencies of all axes but the last.</summary>
    public int Lines { get; }

    /// <summary>Frequencies of the last axis.</summary>
    public int Across => _size[^1];

    /// <summary>Frequencies best computed together.</summary>
    public int Together => _transform is null ? Math.Min(FewFrequencies, Across) : Across;

    /// <summary>Doubles of one matrix: the real part, then the imaginary, each longer × shorter.</summary>
    public int Stride => 2 * _entries;

    /// <summary>The line of the conjugate matrices.</summary>
    public int Mirrored(int line)
    {
        int mirrored = 0, weight = 1;
        for (int axis = _size.Length - 2; axis >= 0; axis--)
        {
            mirrored += (_size[axis] - (line % _size[axis])) % _size[axis] * weight;
            weight *= _size[axis];
            line /= _size[axis];
        }

        return mirrored;
    }

    /// <summary>Matrices of a line at the frequencies first … first + count − 1 of the last axis, <see cref="Stride"/> values each.</summary>
    public void Fill(int group, int line, int first, int count, Span<double> matrices)
    {
        int across = _kernel[^1];
        double[] sums = new double[across * Stride];
        for (int tap = 0; tap < _taps.Length / Groups / _entries; tap++)
            AddTurned(_taps.AsSpan(((group * (_taps.Length / Groups / _entries)) + tap) * _entries, _entries), LeadingPhase(tap / across, line), sums.AsSpan(tap % across * Stride, Stride));

        if (_transform is not null && count == Across)
        {
            Transform(sums, matrices);
            return;
        }

        matrices[..(count * Stride)].Clear();
        for (int i = 0; i < count; i++)
        {
            Span<double> matrix = matrices.Slice(i * Stride, Stride), real = matrix[.._entries], imaginary = matrix[_entries..];
            for (int tap = 0; tap < across; tap++)
            {
                Complex phase = FourierTransform.Root((long)tap * _dilation * (first + i), Across);
                ReadOnlySpan<double> sum = sums.AsSpan(tap * Stride, Stride);
                AddTurned(sum[.._entries], phase, matrix);
                TensorPrimitives.MultiplyAdd(sum[_entries..], -phase.Imaginary, real, real);
                TensorPrimitives.MultiplyAdd(sum[_entries..], phase.Real, imaginary, imaginary);
            }
        }
    }

    private void Transform(double[] sums, Span<double> matrices)
    {
        Complex[] taps = new Complex[Across], frequencies = new Complex[Across];
        for (int entry = 0; entry < _entries; entry++)
        {
            Array.Clear(taps);
            for (int tap = 0; tap < _kernel[^1]; tap++)
                taps[(int)((long)tap * _dilation % Across)] += new Complex(sums[(tap * Stride) + entry], sums[(tap * Stride) + _entries + entry]);
            _transform!.Forward(taps, frequencies);
            for (int i = 0; i < Across; i++)
                (matrices[(i * Stride) + entry], matrices[(i * Stride) + _entries + entry]) = (frequencies[i].Real, frequencies[i].Imaginary);
        }
    }

    private void AddTurned(ReadOnlySpan<double> values, Complex phase, Span<double> sum)
    {
        TensorPrimitives.MultiplyAdd(values, phase.Real, sum[.._entries], sum[.._entries]);
        TensorPrimitives.MultiplyAdd(values, phase.Imaginary, sum[_entries..], sum[_entries..]);
    }

    private Complex LeadingPhase(int tap, int line)
    {
        Complex phase = Complex.One;
        for (int axis = _size.Length - 2; axis >= 0; axis--)
        {
            phase *= FourierTransform.Root((long)(tap % _kernel[axis]) * _dilation * (line % _size[axis]), _size[axis]);
            tap /= _kernel[axis];
            line /= _size[axis];
        }

        return phase;
    }
}
