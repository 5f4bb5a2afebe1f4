#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/mistakes.h"

class QLabel;
class QVBoxLayout;

namespace lab {

class Button;

/// The nine mistakes: a claim, the person's own prediction, then the refutation with live numbers.
class MistakesView : public QWidget {
    Q_OBJECT

public:
    explicit MistakesView(QWidget* parent = nullptr);

    /// The same model at another moment changes the numbers in place.
    void setScene(const explain::MistakeScene& scene);
    void show(int index);
    int current() const { return m_current; }
    void predict(int choice);

signals:
    void closed();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    bool choosesClaim(const QKeyEvent& event) const;
    void rebuild();
    void refill();
    void refreshNumbers();

    std::vector<explain::Mistake> m_mistakes;
    std::vector<int> m_predicted;  ///< -1: not yet
    int m_current = 0;
    QLabel* m_refutation = nullptr;  ///< null before a prediction
    std::vector<QLabel*> m_values;   ///< below it
    QVBoxLayout* m_list;
    QVBoxLayout* m_body;
};

}  // namespace lab
