namespace SpectralInit;

/// <summary>How a file stores one number. A boolean is a byte; bfloat16 is the upper half of a float.</summary>
internal enum ElementType
{
    UInt8,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float16,
    BFloat16,
    Float32,
    Float64,
}
