#include "ui/runs/token_bench.h"

#include "ui/text/message_text.h"

namespace lab {
namespace {

StudiedPtr studied(const TokenizerSource& source, std::string json, const std::string& corpus, const Watch& watch) {
    auto made = std::make_shared<StudiedTokenizer>();
    made->source = source;
    made->json = json.empty() ? tokenizerJsonOf(source, corpus, watch) : std::move(json);
    made->pipeline = std::make_shared<const TextPipeline>(made->json, source.path.empty() ? "tokenizer.json" : source.path);
    made->study = studyTokenizer(*made->pipeline, corpus, watch);
    made->curve = made->study.curve();
    return made;
}

}  // namespace

void TokenBench::setCorpus(std::shared_ptr<const std::string> text) {
    if (m_corpus == text || *m_corpus == *text) return;
    m_corpus = std::move(text);
    for (int side = 0; side < sides; ++side)
        if (of(side).known || of(side).busy) start(side);
}

void TokenBench::want(int side, const TokenizerSource& source, const std::string& json) {
    Side& of = m_sides[static_cast<std::size_t>(side)];
    if ((of.known || of.busy) && of.source == source && of.json == json && of.problem.isEmpty()) return;
    of.source = source;
    of.json = json;
    start(side);
}

void TokenBench::start(int side) {
    Side& of = m_sides[static_cast<std::size_t>(side)];
    of.busy = true;
    of.problem.clear();
    of.task.request(
        [=, this, source = of.source, json = of.json, corpus = m_corpus](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const StudiedPtr made = studied(source, json, *corpus, [&wanted](double) { return wanted(); });
            return [=, this] {
                Side& here = m_sides[static_cast<std::size_t>(side)];
                here.known = made;
                here.busy = false;
                emit changed(side);
            };
        },
        [=, this](const QString& message) {
            Side& here = m_sides[static_cast<std::size_t>(side)];
            here.problem = message;
            here.busy = false;
            emit changed(side);
        });
    emit changed(side);
}

void TokenizerTraining::start(std::shared_ptr<const std::string> text, int pieces) {
    m_running = true;
    m_json.clear();
    m_worker.request(
        [=, this](Worker::Context& context) {
            const auto watch = [&](double share) {
                context.progress([=, this] { emit progressed(share); });
                return !context.cancelled();
            };
            const std::string json = tokenizerJsonOf({TokenizerSource::Kind::bpe, pieces, {}}, *text, watch);
            const int size = TextPipeline(json, "tokenizer.json").size();
            context.tell([=, this] {
                m_json = json;
                m_pieces = size;
                m_running = false;
                emit finished({});
            });
        },
        [this](const Message& message) {
            m_running = false;
            emit finished(shown(message));
        });
}

void TokenizerTraining::cancel() {
    m_worker.cancel();
    m_running = false;
}

}  // namespace lab
