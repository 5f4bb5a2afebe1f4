#pragma once

#include "ui/pages/codes/goedel_study.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

class ThemedLabel;

/// How a number is read back: it is divided by each prime as often as it can be; the first prime that does not divide ends the sequence.
class DecodeTable : public DataTable {
    Q_OBJECT

public:
    explicit DecodeTable(QWidget* parent = nullptr);

    void setDecoded(const CodedSequence& of, const goedel::Decoded* decoded, std::size_t chosen);
    const std::vector<goedel::DecodeStep>& steps() const { return m_steps; }

protected:
    void arrangeColumns() override;

private:
    std::vector<TableColumn> makeColumns() const;

    std::shared_ptr<const goedel::Alphabet> m_alphabet;
    std::vector<goedel::DecodeStep> m_steps;
};

/// The table with its verdict: whether anything is left.
class DecodePanel : public PanelFrame {
    Q_OBJECT

public:
    explicit DecodePanel(QWidget* parent = nullptr);

    void setStudy(const GoedelStudy& study, std::size_t column);
    DecodeTable& table() const { return *m_table; }
    QString verdict() const;

signals:
    void columnChosen(std::size_t column);

private:
    DecodeTable* m_table;
    ThemedLabel* m_verdict;
};

}  // namespace lab
