#pragma once

#include "ui/pages/incontext/regression_scene.h"
#include "ui/widgets/panel.h"

namespace lab {

class TextTable;
class ThemedLabel;
class WrappedText;

/// The answers at the query: the model's, and what gradient steps and least squares on the pairs of the same prompt say.
class AnswersPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit AnswersPanel(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    TextTable& table() const { return *m_table; }
    QString sentence() const;
    QString verdict() const;

private:
    void showRows(const RegressionScene& scene);
    void showSentence(const RegressionScene& scene);
    void showVerdict(const RegressionScene& scene);

    TextTable* m_table;
    WrappedText* m_sentence;
    ThemedLabel* m_verdict;
};

}  // namespace lab
