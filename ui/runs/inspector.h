#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/model/model.h"
#include "core/training/history.h"

namespace lab {

/// Whether a trace says what the model answers: of an encoder, of vectors, which no model writes, and of an input that is masked or changed
/// on its way. Else a decoder is yet to say it by itself.
bool traceAnswers(const ModelConfig& model, const Input& input);

/// Computes Traces off the GUI thread: the latest request wins, an unfinished older one is dropped.
class Inspector : public QObject {
    Q_OBJECT

public:
    explicit Inspector(QObject* parent = nullptr);
    ~Inspector() override;

    struct Manner {
        bool answer = true;   ///< and what the model answers by itself, behind the trace
        bool patient = true;  ///< an answer being written with weights not much older is finished first: there is always one to show
    };
    void request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const Input& input, const TraceRequest& what,
                 const Manner& manner);
    bool busy() const;
    /// Processor time that the newest trace and the newest whole answer to the present question took; 0 before the first one.
    double traceSeconds() const;
    double answerSeconds() const;

signals:
    void traceReady(lab::CheckpointPtr checkpoint, lab::Input input, std::shared_ptr<const lab::Trace> trace);
    void traceFailed(const QString& message);
    /// Behind the trace, when a model writes its answer to a question newly asked: as far as it has come, some 30 times a second.
    void answerGrows(lab::CheckpointPtr checkpoint, lab::Input input, std::vector<int> soFar);
    /// Behind the trace: what the model answers by itself (core/model/decoding.h); not told for encoders, whose trace says it.
    void answerReady(lab::CheckpointPtr checkpoint, lab::Input input, std::vector<int> answer);

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
