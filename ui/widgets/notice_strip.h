#pragma once

#include <QWidget>

class QHBoxLayout;

namespace lab {

class Button;
class ThemedLabel;

/// An offer that waits at its place and blocks nothing: one sentence and the buttons that answer it.
class NoticeStrip : public QWidget {
    Q_OBJECT

public:
    explicit NoticeStrip(QWidget* parent = nullptr);

    /// `detail` stands muted behind the sentence and may be empty.
    void setTexts(const QString& sentence, const QString& detail = {});
    Button* addAction(const QString& text, const QString& keycap = {});
    void clearActions();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemedLabel* m_sentence;
    ThemedLabel* m_detail;
    QHBoxLayout* m_row;
    QHBoxLayout* m_actions;
};

}  // namespace lab
