#!/usr/bin/env python3
"""Prints what MatrixKernelBenchmark measured as a table in Markdown.

usage: kernel-table.py LABEL=FILE...

FILE is what JMH wrote with -rf json -rff FILE, LABEL names its kernels; files of one label belong together. A row is
an arithmetic with some kernels, a column a shape with a number of columns of activations; figures are microseconds.
"""
import json
import signal
import sys

ARITHMETICS = ['fast, in a step', 'fast, of a sentence', 'popcount', 'exact', 'int8 weights']


def arithmetic(params):
    if params['planes'] == 'int8':
        return 'int8 weights'
    if params['arithmetic'] == 'FAST':
        return 'fast, in a step' if params['role'] == 'STEP' else 'fast, of a sentence'
    return params['arithmetic'].lower()


def digits(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.3g}'


def usage(problem):
    print(f'{problem}\n{__doc__.strip().splitlines()[2]}', file=sys.stderr)
    sys.exit(2)


def main(arguments):
    labels, shapes, figures = [], [], {}
    for argument in arguments:
        label, _, file = argument.partition('=')
        if not file:
            usage(f'found {argument!r}; expected LABEL=FILE')
        if label not in labels:
            labels.append(label)
        try:
            with open(file, encoding='utf-8') as opened:
                results = json.load(opened)
        except OSError as e:
            sys.exit(f'{file}: {e.strerror}')
        except ValueError:
            sys.exit(f'{file}: found no JSON; expected what a run of JMH has written at its end, with -rf json')
        for result in results:
            params = result['params']
            shape = (params['shape'], int(params['columns']))
            if shape not in shapes:
                shapes.append(shape)
            figures[arithmetic(params), label, shape] = result['primaryMetric']['score']
    shapes.sort(key=lambda shape: ([int(side) for side in shape[0].split('x')], shape[1]))
    print('| arithmetic | kernels |', ' | '.join(f'{shape} x {columns}' for shape, columns in shapes), '|')
    print('| --- ' * (2 + len(shapes)) + '|')
    for kind in ARITHMETICS:
        for label in labels:
            row = [figures.get((kind, label, shape)) for shape in shapes]
            if any(value is not None for value in row):
                print(f'| {kind} | {label} |', ' | '.join('' if v is None else digits(v) for v in row), '|')


if __name__ == '__main__':
    # Who reads only the beginning gets no trace of Python's.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if sys.argv[1:] in (['-h'], ['--help']):
        print(__doc__.strip())
    elif len(sys.argv) < 2:
        usage('no files')
    else:
        main(sys.argv[1:])
