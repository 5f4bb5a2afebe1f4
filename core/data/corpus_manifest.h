#pragma once

#include <string>
#include <vector>

#include "core/text/corpus.h"
#include "core/text/text_statistics.h"

namespace lab {

/// What a corpus was made of and how, as JSON that another person's program can check it by: files with sizes and SHA-256, the rules, where
/// each document stands in its file and on which side it is, hashes of the raw and the clean text. Byte ranges are of the text as UTF-8.
std::string corpusManifest(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings);

/// What `attention-lab data --json` says: counts, what each rule changed, the split, the hashes, the notes in English.
std::string corpusReportJson(const Corpus& corpus, const CorpusSettings& settings, const TextStatistics& statistics);

}  // namespace lab
