package dev.bcq.format;

import java.util.List;

/**
 * What a person wants to know of a model.
 *
 * @param name name of the model
 * @param sourceLanguages languages it reads, BCP 47; empty if unknown
 * @param targetLanguages languages it writes, BCP 47; empty if unknown
 * @param license licence of the weights; empty if unknown
 * @param attribution attribution that must accompany the model; empty for none
 */
public record ModelInfo(
    String name,
    List<String> sourceLanguages,
    List<String> targetLanguages,
    String license,
    String attribution) {}
