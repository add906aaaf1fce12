namespace SpectralInit;

/// <summary>Which part of the context-oriented spectrum <see cref="Corda"/> makes trainable.</summary>
public enum CordaMode
{
    /// <summary>The r leading components: what the sampled task uses most ("instruction-previewed").</summary>
    InstructionPreviewed,

    /// <summary>The r last components: what the sampled knowledge uses least, so that it stays frozen ("knowledge-preserved").</summary>
    KnowledgePreserved,
}
