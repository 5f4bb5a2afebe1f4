#pragma once

#include <QDialog>
#include <memory>

#include "ui/runs/token_bench.h"

class QProgressBar;
class QSpinBox;

namespace lab {

class Button;
class ErrorStrip;
class ThemedLabel;

/// Trains byte-pair encoding on the corpus: how many pieces, how far it is, and what becomes of it: shown in the right panel, or saved as
/// tokenizer.json. Closing it ends a training under way.
class TokenizerDialog : public QDialog {
    Q_OBJECT

public:
    TokenizerDialog(std::shared_ptr<const std::string> corpus, const QString& corpusName, QWidget* parent = nullptr);
    ~TokenizerDialog() override;

    QSpinBox& pieces() const { return *m_pieces; }
    Button& trainButton() const { return *m_train; }
    Button& saveButton() const { return *m_save; }
    Button& showButton() const { return *m_show; }
    /// The result, or how far it is.
    QString said() const;
    QString problem() const { return m_problem; }
    void saveTo(const QString& path);

signals:
    /// `json`: the text of a tokenizer.json.
    void made(int pieces, const std::string& json);

protected:
    void reject() override;

private:
    void arrange();
    void applyMeasures();
    void toggle();
    void finish(const QString& problem);
    void follow();
    void fail(const QString& what, const QString& why);

    std::shared_ptr<const std::string> m_corpus;
    TokenizerTraining m_training;
    QString m_problem;
    ThemedLabel *m_of, *m_said;
    QSpinBox* m_pieces;
    QProgressBar* m_progress;
    ErrorStrip* m_strip;
    Button *m_train, *m_save, *m_show, *m_close;
};

}  // namespace lab
