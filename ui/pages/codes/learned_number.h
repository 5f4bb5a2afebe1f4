#pragma once

#include <QWidget>
#include <optional>

#include "core/codes/code_number.h"

namespace lab {

/// The whole number of a code, for a title bar: "Σ c_m 16^m = 3 314 607 915 of 4 294 967 295". What does not fit is cut in the middle, and
/// whole in the tool tip.
class LearnedNumber : public QWidget {
    Q_OBJECT

public:
    explicit LearnedNumber(QWidget* parent = nullptr);

    /// Nothing: the code is not known.
    void setCode(const BottleneckShape& shape, const std::optional<codes::Code>& code);
    /// All digits in groups of three; empty without a code.
    const QString& number() const { return m_number; }
    const QString& largest() const { return m_largest; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Written {
        QString number, largest;
    };
    double widthOf(const Written& written) const;
    Written fitting(double width) const;

    QString m_formula, m_number, m_largest;
    std::optional<goedel::Natural> m_code, m_most;
};

}  // namespace lab
