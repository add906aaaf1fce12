using System.Runtime.InteropServices;
using SpectralInit.Benchmarks.Peers;

namespace SpectralInit.Benchmarks.Native;

/// <summary>OpenBLAS and its LAPACK, loaded when the machine has them; the peer that runs in our own process.</summary>
internal static unsafe class OpenBlas
{
    private const int RowMajor = 101;
    private const int Upper = 121;
    private const int Transposed = 112;

    private static readonly nint s_library = Load();

    public static bool IsAvailable => s_library != 0;

    /// <summary>The kernels in use, for example SkylakeX.</summary>
    public static string CoreName => IsAvailable
        ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export("openblas_get_corename"))())!
        : "not installed";

    public static string Configuration => IsAvailable
        ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export("openblas_get_config"))())!
        : "not installed";

    /// <summary>C ← XᵀX (upper triangle), X n×d row-major, not centred.</summary>
    public static void SymmetricProduct(long n, long d, double* x, double* c) =>
        ((delegate* unmanaged<int, int, int, int, int, double, double*, int, double, double*, int, void>)Export("cblas_dsyrk"))(
            RowMajor, Upper, Transposed, (int)d, (int)n, 1, x, (int)d, 0, c, (int)d);

    /// <inheritdoc cref="SymmetricProduct(long, long, double*, double*)"/>
    public static void SymmetricProduct(long n, long d, float* x, float* c) =>
        ((delegate* unmanaged<int, int, int, int, int, float, float*, int, float, float*, int, void>)Export("cblas_ssyrk"))(
            RowMajor, Upper, Transposed, (int)d, (int)n, 1, x, (int)d, 0, c, (int)d);

    /// <summary>All eigenpairs of a symmetric matrix (dsyevd), whose vectors overwrite <paramref name="a"/>; or its values alone.</summary>
    public static void Eigen(int n, double* a, double* values, bool withVectors = true)
    {
        var dsyevd = (delegate* unmanaged<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, void>)Export("dsyevd_");
        byte vectors = (byte)(withVectors ? 'V' : 'N'), lower = (byte)'L';
        int info, query = -1, integerSize;
        double size;
        dsyevd(&vectors, &lower, &n, a, &n, values, &size, &query, &integerSize, &query, &info);
        int work = (int)size;
        double* workspace = (double*)NativeMemory.AlignedAlloc((nuint)work * sizeof(double), 64);
        int* integers = (int*)NativeMemory.Alloc((nuint)integerSize * sizeof(int));
        dsyevd(&vectors, &lower, &n, a, &n, values, workspace, &work, integers, &integerSize, &info);
        NativeMemory.AlignedFree(workspace);
        NativeMemory.Free(integers);
        if (info != 0)
            throw new InvalidOperationException($"dsyevd returned {info}.");
    }

    /// <summary>All singular triples of a square matrix (dgesdd), which is overwritten.</summary>
    public static void SingularValues(int n, double* a, double* values, double* left, double* right)
    {
        var dgesdd = (delegate* unmanaged<byte*, int*, int*, double*, int*, double*, double*, int*, double*, int*, double*, int*, int*, int*, void>)Export("dgesdd_");
        byte thin = (byte)'S';
        int info, query = -1;
        double size;
        int* integers = (int*)NativeMemory.Alloc((nuint)(8 * n) * sizeof(int));
        dgesdd(&thin, &n, &n, a, &n, values, left, &n, right, &n, &size, &query, integers, &info);
        int work = (int)size;
        double* workspace = (double*)NativeMemory.AlignedAlloc((nuint)work * sizeof(double), 64);
        dgesdd(&thin, &n, &n, a, &n, values, left, &n, right, &n, workspace, &work, integers, &info);
        NativeMemory.AlignedFree(workspace);
        NativeMemory.Free(integers);
        if (info != 0)
            throw new InvalidOperationException($"dgesdd returned {info}.");
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    private static nint Export(string name) => NativeLibrary.GetExport(s_library, name);

    // The library reads its core type from the C environment when it loads; .NET's own copy of the environment does not reach it.
    private static nint Load()
    {
        _ = setenv(PeerEnvironment.CoreTypeVariable, PeerEnvironment.CoreType, 1);
        foreach (string name in (string[])["libopenblas.so.0", "libopenblas.so", "libopenblas", "openblas"])
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return library;
        }

        return 0;
    }
}
