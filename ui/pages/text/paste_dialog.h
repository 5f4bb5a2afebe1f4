#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace lab {

class Button;

/// A text to be typed or pasted.
class PasteDialog : public QDialog {
    Q_OBJECT

public:
    explicit PasteDialog(QWidget* parent = nullptr);

    QString text() const;

private:
    void applyMeasures();

    QPlainTextEdit* m_text;
    Button* m_take;
};

}  // namespace lab
