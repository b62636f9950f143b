#!/usr/bin/env python3
"""Estimates what the kernels cost on ARM, without any: the inner loops as the cross compiler makes them, on the models of
processors that llvm-mca has. Prints multiplications by a weight (with all its planes) in a cycle, as a Markdown table.

Caches are always hit and branches always right in these models. Nothing here is a measurement.

usage: estimates.py [--compiler aarch64-linux-gnu-gcc] [--analyser llvm-mca-19]
"""
import argparse
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
SOURCES = HERE.parent.parent / 'main' / 'c'
LEVELS = {'neon': [], 'neon-dotprod': ['-DBCQ_DOTPROD', '-march=armv8.2-a+dotprod']}
# llvm-mca's own model of Cortex-A76 is that of an older core; Neoverse N1 is the same core with other caches.
PROCESSORS = {'Cortex-A55': 'cortex-a55', 'Cortex-A72': 'cortex-a72', 'Cortex-A76': 'neoverse-n1'}
ITERATIONS = 100
ROWS = 16

# What an instruction of a loop contributes: rows times columns, to be divided by the planes.
WORK = {
    'tables': {'tbl': ROWS * 4},
    # Eight look-ups, a pair for each four rows, stand for four columns.
    'floats': {'tbl': ROWS * 4 / 8},
    # One count of each of eight slices stands for eight columns; each plane has a loop of its own.
    'slices': {'cnt': ROWS * 8 / 8},
    'dots': {'sdot': 16, 'smull2?': 8, 'smlal2?': 8},
}
NAMES = {
    'tables': 'byte tables (fast)',
    'floats': 'float tables (exact)',
    'slices': 'bit slices (popcount)',
    'dots': 'int8 weights, and levels once they are decoded',
}


def functions(assembly):
    """Yields the names and lines of functions."""
    name, lines = None, []
    for line in assembly.splitlines():
        start = re.match(r'estimate_(\w+):', line)
        if start:
            name, lines = start.group(1), []
        elif name and re.match(rf'\s+\.size\s+estimate_{name}', line):
            yield name, lines
            name = None
        elif name:
            lines.append(line)


def inner_loops(lines):
    """Returns the instructions of loops that have no other loop in them."""
    labels, loops = {}, []
    for i, line in enumerate(lines):
        label = re.match(r'(\.L\w+):', line)
        if label:
            labels[label.group(1)] = i
        branch = re.search(r'\s(?:b\.?\w\w|cbn?z|tbn?z)\s+(?:[^.]*, *)?(\.L\w+)', line)
        if branch and branch.group(1) in labels:
            loops.append((labels[branch.group(1)], i))
    inner = [a for a in loops if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in loops)]
    return [[l for l in lines[a + 1:b + 1] if l.strip() and not re.match(r'\s*\.', l)] for a, b in inner]


def cycles(loop, processor, analyser):
    found = subprocess.run(
        [analyser, '-mtriple=aarch64-linux-gnu', '-mattr=+dotprod', f'-mcpu={processor}', f'-iterations={ITERATIONS}'],
        input='\n'.join(loop).replace('.L', 'L'), capture_output=True, text=True, check=True).stdout
    return int(re.search(r'Total Cycles:\s+(\d+)', found).group(1)) / ITERATIONS


def work(kind, planes, loop):
    text = '\n'.join(loop)
    done = sum(value * len(re.findall(rf'\s{name}\s', text)) for name, value in WORK[kind].items())
    return done / (1 if kind == 'dots' else planes)


def estimate(loops, kind, planes, processor, analyser):
    """Returns the rate of the loop that does the work; the others are remainders of few columns."""
    loop = max(loops, key=lambda candidate: work(kind, planes, candidate))
    return work(kind, planes, loop) / cycles(loop, processor, analyser)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--compiler', default='aarch64-linux-gnu-gcc')
    parser.add_argument('--analyser', default='llvm-mca-19')
    options = parser.parse_args()
    print(f'| kernel | level | planes | columns | {" | ".join(PROCESSORS)} |')
    print(f'| --- | --- | --- | --- | {" | ".join("---" for _ in PROCESSORS)} |')
    for level, flags in LEVELS.items():
        with tempfile.TemporaryDirectory() as folder:
            output = pathlib.Path(folder) / 'estimates.s'
            subprocess.run(
                [options.compiler, '-O3', '-ffp-contract=off', '-fno-math-errno', *flags, f'-I{SOURCES}',
                 f'-I{SOURCES / "include"}', '-S', HERE / 'estimates.c', '-o', output], check=True)
            assembly = output.read_text()
        for name, lines in functions(assembly):
            kind, planes, columns = name.split('_')
            # Tables and slices are the same on both levels.
            if level != 'neon' and kind != 'dots':
                continue
            loops = inner_loops(lines)
            rates = [estimate(loops, kind, int(planes), model, options.analyser) for model in PROCESSORS.values()]
            shown = '8 bits' if kind == 'dots' else planes
            print(f'| {NAMES[kind]} | {level if kind == "dots" else "both"} | {shown} | {columns} | '
                  + ' | '.join(f'{rate:.1f}' for rate in rates) + ' |')


if __name__ == '__main__':
    main()
