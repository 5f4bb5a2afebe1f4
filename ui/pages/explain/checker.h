#pragma once

#include <QObject>
#include <memory>

#include "core/analysis/explain/numbers.h"
#include "core/model/model.h"
#include "core/training/history.h"

namespace lab {

/// Computes the slow twin of a trace off the GUI thread; the latest question wins.
class Checker : public QObject {
    Q_OBJECT

public:
    explicit Checker(QObject* parent = nullptr);
    ~Checker() override;

    /// `trace` stands for the question: the same one again does nothing.
    void request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const Input& input, std::shared_ptr<const Trace> trace);
    /// Of the newest answered trace.
    std::shared_ptr<const explain::DoubleTrace> twin() const;
    std::shared_ptr<const Trace> trace() const;

signals:
    void answered();

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
