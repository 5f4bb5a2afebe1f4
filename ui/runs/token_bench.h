#pragma once

#include <QObject>
#include <QString>
#include <array>
#include <memory>

#include "core/data/tokenizers/pipeline/tokenizer_source.h"
#include "core/data/tokenizers/pipeline/tokenizer_study.h"
#include "ui/runs/latest_task.h"

namespace lab {

/// A tokenizer, and what it makes of the corpus.
struct StudiedTokenizer {
    TokenizerSource source;
    std::string json;  ///< its tokenizer.json
    std::shared_ptr<const TextPipeline> pipeline;
    TokenizerStudy study;
    std::vector<double> curve;  ///< characters a token by merges known
};
using StudiedPtr = std::shared_ptr<const StudiedTokenizer>;

/// Two tokenizers beside each other, made and studied on a corpus off the GUI thread; the latest wish of a side wins.
class TokenBench : public QObject {
    Q_OBJECT

public:
    static constexpr int sides = 2;

    explicit TokenBench(QObject* parent = nullptr) : QObject(parent) {}

    /// Both sides are made anew.
    void setCorpus(std::shared_ptr<const std::string> text);
    const std::string& corpus() const { return *m_corpus; }
    /// `json`: the text of a tokenizer.json that is at hand; then the source says only what it is called.
    void want(int side, const TokenizerSource& source, const std::string& json = {});
    const TokenizerSource& wanted(int side) const { return of(side).source; }
    /// The newest that is known; null before the first one.
    const StudiedPtr& known(int side) const { return of(side).known; }
    /// Why there is none of the present wish; else empty.
    const QString& problem(int side) const { return of(side).problem; }
    bool busy(int side) const { return of(side).busy; }
    bool busy() const { return busy(0) || busy(1); }

signals:
    void changed(int side);

private:
    struct Side {
        TokenizerSource source;
        std::string json;
        StudiedPtr known;
        QString problem;
        bool busy = false;
        LatestTask task;
    };
    const Side& of(int side) const { return m_sides[static_cast<std::size_t>(side)]; }
    void start(int side);

    std::shared_ptr<const std::string> m_corpus = std::make_shared<const std::string>();
    std::array<Side, sides> m_sides;
};

/// Trains byte-level BPE on a text off the GUI thread, for the dialog that does so.
class TokenizerTraining : public QObject {
    Q_OBJECT

public:
    explicit TokenizerTraining(QObject* parent = nullptr) : QObject(parent), m_worker(m_post.poster()) {}

    void start(std::shared_ptr<const std::string> text, int pieces);
    void cancel();
    bool running() const { return m_running; }
    /// The tokenizer.json; empty before the end.
    const std::string& json() const { return m_json; }
    int pieces() const { return m_pieces; }  ///< found; fewer than asked for where no pair was left

signals:
    void progressed(double share);
    /// Done, or `problem` says why not; not after cancel().
    void finished(const QString& problem);

private:
    GuiPost m_post;
    Worker m_worker;  ///< ends first
    std::string m_json;
    int m_pieces = 0;
    bool m_running = false;
};

}  // namespace lab
