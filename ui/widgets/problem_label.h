#pragma once

#include "ui/widgets/themed_label.h"

namespace lab {

/// The field wears the border of an error, or not (LabStyle).
void markInvalid(QWidget& field, bool invalid);

/// What is wrong with what was typed, below its field; hidden while nothing is.
class ProblemLabel : public ThemedLabel {
    Q_OBJECT

public:
    explicit ProblemLabel(TextSize size = TextSize::caption, QWidget* parent = nullptr);

    /// Nothing is wrong when it is empty.
    void say(const QString& sentence);
    /// The same, and `field` says so too.
    void say(const QString& sentence, QWidget& field);
    const QString& sentence() const { return m_sentence; }

private:
    QString m_sentence;
};

}  // namespace lab
